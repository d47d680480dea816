package io.patina.collector.rpm;

import io.patina.collector.inventory.Unreadable;
import io.patina.facts.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * The sqlite backend ({@code rpmdb.sqlite}, table {@code Packages(hnum, blob)}).
 *
 * <p>Real files are in WAL mode, which an ordinary read-only connection cannot open without making
 * files beside it. So it is opened as {@code immutable}, which writes and locks nothing; and when a
 * write-ahead log with content lies beside it, both are copied first, because {@code immutable}
 * does not look at the log.
 */
record SqliteHeaders(Path file, String shown) implements HeaderSource {

  private static final int LARGEST_COPY = 1 << 30;

  @Override
  public Optional<Unreadable> each(Receiver receiver) {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    try {
      if (Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS) && Files.size(log) > 0) {
        return copied(log, receiver);
      }
      return read("file:" + encoded(file) + "?immutable=1", receiver);
    } catch (IOException | SQLException e) {
      return Optional.of(
          new Unreadable(shown, Gap.IO_ERROR, "cannot read " + shown + ": " + e.getMessage()));
    }
  }

  private Optional<Unreadable> copied(Path log, Receiver receiver)
      throws IOException, SQLException {
    if (Files.size(file) + Files.size(log) > LARGEST_COPY) {
      return Optional.of(
          new Unreadable(shown, Gap.LIMIT, shown + " has a log and is too large to be copied"));
    }
    Path directory = Files.createTempDirectory("patina-rpmdb");
    Path copy = directory.resolve("rpmdb.sqlite");
    try {
      // The log first: pages that a checkpoint moves to the file meanwhile are then in both.
      Files.copy(log, directory.resolve("rpmdb.sqlite-wal"));
      Files.copy(file, copy);
      return read("file:" + encoded(copy), receiver);
    } finally {
      for (String name : new String[] {"rpmdb.sqlite-shm", "rpmdb.sqlite-wal", "rpmdb.sqlite"}) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Files.deleteIfExists(directory);
    }
  }

  private Optional<Unreadable> read(String uri, Receiver receiver) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setCacheSize(-512);
    Properties properties = config.toProperties();
    try (Connection connection = new JDBC().connect("jdbc:sqlite:" + uri, properties)) {
      if (connection == null) {
        throw new SQLException("the sqlite driver does not take " + shown);
      }
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select blob from Packages")) {
        while (rows.next()) {
          byte[] blob = rows.getBytes(1);
          receiver.header(blob == null ? new byte[0] : blob);
        }
      }
    }
    return Optional.empty();
  }

  /** As RFC 3986 wants a path: sqlite takes the address apart at {@code ?}, {@code #} and %. */
  private static String encoded(Path path) {
    return path.toUri().getRawPath();
  }
}
