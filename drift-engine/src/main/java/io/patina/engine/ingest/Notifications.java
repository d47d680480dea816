package io.patina.engine.ingest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells open pages of every replica that hosts have changed: PostgreSQL's NOTIFY, which leaves with
 * the commit and is lost with a rollback.
 */
public final class Notifications {

  /** The channel; a payload is host ids separated by commas, or empty for "many". */
  public static final String CHANNEL = "patina_hosts";

  /** A payload may have 8000 bytes. */
  private static final int MOST_NAMED = 200;

  private Notifications() {}

  static void send(Connection connection, Stream<Host> changed) throws SQLException {
    List<String> ids =
        changed.map(h -> h.installation().host().toString()).distinct().limit(201).toList();
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedStatement s = connection.prepareStatement("select pg_notify(?, ?)")) {
      s.setString(1, CHANNEL);
      s.setString(2, ids.size() > MOST_NAMED ? "" : String.join(",", ids));
      s.execute();
    }
  }
}
