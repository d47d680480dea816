package io.patina.stack.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One PostgreSQL cluster with one database, on one port of loopback.
 *
 * <p>{@link #prepare} makes the cluster (once), {@link #command} is the server in the foreground,
 * {@link #waitingFor} says whether it answers and, once it does, makes sure that role and database
 * exist. The server never runs as superuser of the machine and the engine never as superuser of the
 * server.
 */
public final class Database {
  /** Name of the database and of the role that owns it. */
  public static final String NAME = "patina";

  private final PostgresBinaries binaries;
  private final Path cluster;
  private final Path superPassword;
  private final Path password;
  private final int port;

  private Database(
      PostgresBinaries binaries, Path cluster, Path superPassword, Path password, int port) {
    this.binaries = binaries;
    this.cluster = cluster;
    this.superPassword = superPassword;
    this.password = password;
    this.port = port;
  }

  /**
   * Unpacks PostgreSQL and makes the cluster, unless both are there.
   *
   * @param directory holds programs, cluster and passwords (0600); created if missing
   * @param port port on 127.0.0.1; may differ from one start to the next
   * @throws IOException if initdb fails (its output is in the message) or the disk does
   */
  public static Database prepare(Path directory, int port)
      throws IOException, InterruptedException {
    checkUser();
    Files.createDirectories(directory);
    PostgresBinaries binaries = PostgresBinaries.unpack(directory.resolve("programs"));
    Path superPassword = secret(directory.resolve("postgres.password"));
    Path password = secret(directory.resolve("patina.password"));
    Path cluster = directory.resolve("cluster");
    Database database = new Database(binaries, cluster, superPassword, password, port);
    if (!Files.exists(cluster)) {
      database.initialise(directory.resolve("cluster.partial"));
    }
    return database;
  }

  /** The server in the foreground; it ends on SIGINT after it has disconnected its clients. */
  public List<String> command() {
    List<String> command = notAsRoot();
    command.addAll(
        List.of(
            binaries.program("postgres"),
            "-D",
            cluster.toString(),
            "-p",
            String.valueOf(port),
            "-c",
            "listen_addresses=127.0.0.1",
            // A socket in a shared directory could be answered by somebody else.
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=on",
            "-c",
            "synchronous_commit=on",
            "-c",
            "full_page_writes=on",
            "-c",
            "shared_buffers=32MB",
            "-c",
            "max_wal_size=256MB",
            "-c",
            "max_connections=40",
            "-c",
            "io_workers=1",
            "-c",
            "log_line_prefix=%m [%p] "));
    return command;
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME;
  }

  public String user() {
    return NAME;
  }

  public String password() throws IOException {
    return read(password);
  }

  /**
   * Empty when the server answers and the database exists, else what is being waited for. A refused
   * connection is the normal state of a server that starts, so it is a value here.
   */
  public Optional<String> waitingFor() throws IOException {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?loginTimeout=5";
    try (Connection connection =
        DriverManager.getConnection(url, "postgres", read(superPassword))) {
      provide(connection);
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of("answer on port " + port + ": " + e.getMessage());
    }
  }

  private void provide(Connection connection) throws SQLException, IOException {
    if (!exists(connection, "select 1 from pg_roles where rolname = ?")) {
      try (Statement statement = connection.createStatement()) {
        // Hexadecimal digits only, made by secret(): nothing to quote.
        statement.execute("create role " + NAME + " login password '" + read(password) + "'");
      }
    }
    if (!exists(connection, "select 1 from pg_database where datname = ?")) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("create database " + NAME + " owner " + NAME);
      }
    }
  }

  private static boolean exists(Connection connection, String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, NAME);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private void initialise(Path partial) throws IOException, InterruptedException {
    Trees.delete(partial);
    List<String> command = notAsRoot();
    command.addAll(
        List.of(
            binaries.program("initdb"),
            "-D",
            partial.toString(),
            "-U",
            "postgres",
            "--pwfile=" + superPassword,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C"));
    Path output = partial.resolveSibling("initdb.log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .start();
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("initdb ended with " + code + ":\n" + read(output));
    }
    Files.move(partial, cluster, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * PostgreSQL refuses to run as root. In a new user namespace without a mapping the same process
   * is "nobody" to itself and still owns root's files.
   */
  private static List<String> notAsRoot() {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("unshare");
      command.add("--user");
    }
    return command;
  }

  private static void checkUser() throws IOException, InterruptedException {
    List<String> command = notAsRoot();
    if (command.isEmpty()) {
      return;
    }
    command.add("true");
    int code;
    try {
      code =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
    } catch (IOException e) {
      throw new IOException("unshare (util-linux) is missing, which PostgreSQL needs as root", e);
    }
    if (code != 0) {
      throw new IOException(
          "PostgreSQL does not run as root, and this machine does not let root make a user"
              + " namespace (a container without that right?); run it as a plain user");
    }
  }

  private static Path secret(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Path partial = file.resolveSibling(file.getFileName() + ".partial");
      Files.deleteIfExists(partial);
      Files.createFile(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(partial, HexFormat.of().formatHex(random));
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return file;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).strip();
  }
}
