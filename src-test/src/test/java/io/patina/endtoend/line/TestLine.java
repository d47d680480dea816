package io.patina.endtoend.line;

import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.signing.Envelope;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.SigningKey;
import io.patina.stack.database.Database;
import io.patina.stack.database.PostgresBinaries;
import io.patina.stack.line.DataDirectory;
import io.patina.stack.line.Part;
import io.patina.stack.line.Parts;
import io.patina.stack.line.Ports;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * One line in one directory below the build's: broker, database and engines, on free ports of
 * loopback. Parts are started one by one by the test that wants them; closing stops what runs.
 */
public final class TestLine implements AutoCloseable {

  private static final Path BUILD = Path.of("target").toAbsolutePath();
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private final DataDirectory data;
  private final Ports ports;
  private final List<RunningPart> running = new ArrayList<>();

  private TestLine(DataDirectory data, Ports ports) {
    this.data = data;
    this.ports = ports;
  }

  /** A new line with nothing in it. */
  public static TestLine create(String name) throws IOException {
    DataDirectory data = new DataDirectory(BUILD.resolve("lines").resolve(name));
    data.purge();
    data.claim()
        .ifPresent(
            refusal -> {
              throw new IllegalStateException(refusal);
            });
    // The programs are unpacked once for all lines of this build.
    Path programs = BUILD.resolve("postgres-programs");
    try (FileChannel channel =
            FileChannel.open(
                BUILD.resolve("postgres-programs.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid()) {
        PostgresBinaries unused = PostgresBinaries.unpack(programs);
      }
    }
    Files.createDirectories(data.data("postgres"));
    Files.createSymbolicLink(data.data("postgres").resolve("programs"), programs);
    Ports ports = Ports.choose(data.run("ports"), OptionalInt.of(freePort()));
    ports.write(data.run("ports"));
    return new TestLine(data, ports);
  }

  /** A port of loopback that nobody has now. */
  public static int freePort() throws IOException {
    try (var socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public DataDirectory data() {
    return data;
  }

  /** Where a test keeps files of its own; gone with the line. */
  public Path scratch() throws IOException {
    return Files.createDirectories(data.run("scratch"));
  }

  public Parts parts() {
    return new Parts(data, ports, CHECKOUT);
  }

  public Ports ports() {
    return ports;
  }

  public static Path checkout() {
    return CHECKOUT;
  }

  /** Starts the database and waits until it answers. */
  public RunningPart database() throws IOException, InterruptedException {
    return start(parts().database(), "database", List.of()).awaitReady();
  }

  /** Starts the broker and waits until it answers and its topics exist. */
  public RunningPart broker() throws IOException, InterruptedException {
    return start(parts().broker(), "broker", List.of()).awaitReady();
  }

  /** Starts the engine and waits until it is ready. */
  public RunningPart engine(String... environment) throws IOException, InterruptedException {
    return launchEngine(environment).awaitReady();
  }

  /** Starts the engine without waiting. */
  public RunningPart launchEngine(String... environment) throws IOException, InterruptedException {
    return start(parts().engine(), "engine", List.of(environment));
  }

  /**
   * Starts the collector on a root directory instead of this machine, and waits until it answers.
   *
   * @param settings further ones, as in its configuration file
   */
  public RunningPart collector(Path root, Map<String, String> settings)
      throws IOException, InterruptedException {
    Part usual = parts().collector();
    Part onRoot =
        new Part(
            usual.name(),
            () -> {
              Part.Launch launch = usual.preparation().prepare();
              StringBuilder more = new StringBuilder("\nroot=" + root + "\n");
              settings.forEach((k, v) -> more.append(k).append('=').append(v).append('\n'));
              Files.writeString(data.run("collector.properties"), more, StandardOpenOption.APPEND);
              return launch;
            },
            usual.stopSignal(),
            usual.startLimit(),
            usual.stopLimit());
    return start(onRoot, "collector", List.of()).awaitReady();
  }

  /** What the collector has logged so far. */
  public String collectorLog() throws IOException {
    return Files.readString(data.logs().resolve("collector.log"));
  }

  /** The token with which everything may be asked of the line's engine. */
  public String token() throws IOException {
    return Files.readString(data.run("token")).strip();
  }

  /**
   * Runs {@code collect} with the configuration of the last collector and an option that makes it
   * do one thing, such as {@code --retire}.
   *
   * @return its exit code
   */
  public int collectOnce(String option) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(parts().collectorCommand(data.run("collector.properties")));
    command.add(option);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(data.logs().resolve("collect" + option + ".log").toFile())
        .start()
        .waitFor();
  }

  /** Patina's command line, for this line's engine. */
  public PatinaCommand patina() {
    return new PatinaCommand(this);
  }

  /** Another replica of the engine, with an API of its own. */
  public Replica replica() throws IOException {
    Ports own =
        new Ports(
            freePort(), ports.broker(), ports.controller(), ports.database(), ports.collector());
    return new Replica(new Parts(data, own, CHECKOUT));
  }

  /** A second engine beside the first. */
  public final class Replica {
    private final Parts parts;

    private Replica(Parts parts) {
      this.parts = parts;
    }

    /** Starts it without waiting. */
    public RunningPart launch(String... environment) throws IOException, InterruptedException {
      return start(parts.engine(), "replica", List.of(environment));
    }

    public Api api() {
      return new Api(parts.page());
    }
  }

  private RunningPart start(Part part, String log, List<String> environment)
      throws IOException, InterruptedException {
    RunningPart started = RunningPart.launch(part, data.logs().resolve(log + ".log"), environment);
    running.add(started);
    return started;
  }

  public Api api() {
    return new Api(parts().page());
  }

  /** The key that the line's engine trusts; there once an engine has been prepared. */
  public SigningKey baselineKey() throws IOException, InvalidKeyException {
    return SigningKey.ofPem(Files.readString(data.data("keys").resolve("as-shipped.pem")));
  }

  /** Signs a baseline with the key that the line trusts and puts its manifest into the store. */
  public Envelope sign(GoldenBaseline baseline, Manifest manifest)
      throws IOException, InvalidKeyException {
    new ManifestStore(data.store()).put(manifest);
    return BaselineStatement.sign(baseline, baselineKey());
  }

  /** Everything that the engine holds of an installation. */
  public Manifest facts(UUID installation)
      throws IOException, InterruptedException, SQLException, MalformedManifestException {
    Database database = Database.prepare(data.data("postgres"), ports.database());
    try (Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
      return EngineFacts.read(connection, installation);
    }
  }

  /** The one number that a query of the line's database gives. */
  public long count(String query) throws IOException, InterruptedException, SQLException {
    Database database = Database.prepare(data.data("postgres"), ports.database());
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      if (!rows.next()) {
        throw new SQLException("no row: " + query);
      }
      return rows.getLong(1);
    }
  }

  /**
   * Makes a schema beside the line's own, which is an empty database to an engine; the answer is
   * its URL.
   */
  public String anotherDatabase(String name)
      throws IOException, InterruptedException, SQLException {
    Database database = Database.prepare(data.data("postgres"), ports.database());
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create schema " + name);
    }
    return database.jdbcUrl() + "?currentSchema=" + name;
  }

  /** Remembers the database as it is, which must be stopped, for {@link #restoreDatabase}. */
  public void keepDatabase() throws IOException, InterruptedException {
    copy(cluster(), cluster().resolveSibling("cluster.kept"));
  }

  /** The database is again as it was kept, as if nothing had happened since; it must be stopped. */
  public void restoreDatabase() throws IOException, InterruptedException {
    Files.move(cluster(), cluster().resolveSibling("cluster.before"));
    copy(cluster().resolveSibling("cluster.kept"), cluster());
  }

  private Path cluster() {
    return data.data("postgres").resolve("cluster");
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("cp", "-a", from.toString(), to.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("copying " + from + " ended with " + code);
    }
  }

  /** Stops what runs, last started first. */
  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (RunningPart each : running.reversed()) {
      try {
        each.stop();
      } catch (IOException e) {
        failed = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed = new IOException("interrupted while stopping", e);
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
