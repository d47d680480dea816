package io.patina.engine.maintenance;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** SQL of what was not told. */
public final class HeldTable {

  private HeldTable() {}

  /** Whether anything is held back anywhere. */
  public static boolean any(Connection connection) throws SQLException {
    try (PreparedStatement s =
            connection.prepareStatement("select exists (select from held_notice)");
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getBoolean(1);
    }
  }

  /** What is held back of an installation, the oldest first. */
  public static List<Held> of(Connection connection, UUID installation) throws SQLException {
    List<Held> found = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select event, kind, thing, verdict, held_at from held_notice
            where installation = ? order by held_at, event
            """)) {
      s.setObject(1, installation);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(
              new Held(
                  r.getObject(1, UUID.class),
                  installation,
                  r.getString(2),
                  Optional.ofNullable(r.getObject(3, UUID.class)),
                  Optional.ofNullable(r.getString(4)),
                  r.getTimestamp(5).toInstant()));
        }
      }
    }
    return found;
  }

  public static void insert(Connection connection, Collection<Held> held) throws SQLException {
    if (held.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into held_notice (event, installation, kind, thing, verdict, held_at)
            values (?, ?, ?, ?, ?, ?) on conflict do nothing
            """)) {
      for (Held h : held) {
        s.setObject(1, h.event());
        s.setObject(2, h.installation());
        s.setString(3, h.kind());
        s.setObject(4, h.group().orElse(null));
        s.setString(5, h.verdict().orElse(null));
        s.setTimestamp(6, Timestamp.from(h.at()));
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  public static void delete(Connection connection, Collection<UUID> events) throws SQLException {
    if (events.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement("delete from held_notice where event = any(?)")) {
      s.setArray(1, connection.createArrayOf("uuid", events.toArray()));
      s.executeUpdate();
    }
  }
}
