package io.patina.engine.maintenance;

import io.patina.engine.decisions.DecisionTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** SQL of maintenances. */
public final class MaintenanceTable {

  private static final String MAINTENANCE =
      """
      select id, host, pool, labels, reason, ticket, begun_by, begun_at, until, ended_by, ended_at
      from maintenance
      """;

  private MaintenanceTable() {}

  /** Those that last at that moment, the first to end first. */
  public static List<Maintenance> lasting(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            MAINTENANCE + " where ended_at is null and until > ? order by until, id")) {
      s.setTimestamp(1, Timestamp.from(now));
      return rows(s);
    }
  }

  /** All, the last to begin first. */
  static List<Maintenance> all(Connection connection, int most) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(MAINTENANCE + " order by begun_at desc, id limit ?")) {
      s.setInt(1, most);
      return rows(s);
    }
  }

  static Optional<Maintenance> find(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(MAINTENANCE + " where id = ?")) {
      s.setObject(1, id);
      return rows(s).stream().findFirst();
    }
  }

  static void insert(Connection connection, Maintenance m, long revision) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into maintenance (id, host, pool, labels, reason, ticket, begun_by, begun_at,
              until, revision)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)) {
      int at = 1;
      s.setObject(at++, m.id());
      at = DecisionTable.set(s, at, m.extent());
      s.setString(at++, m.reason());
      s.setString(at++, m.ticket());
      s.setString(at++, m.begunBy());
      s.setTimestamp(at++, Timestamp.from(m.begunAt()));
      s.setTimestamp(at++, Timestamp.from(m.until()));
      s.setLong(at, revision);
      s.executeUpdate();
    }
  }

  static void end(Connection connection, UUID id, Maintenance.Ended ended, long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update maintenance set ended_by = ?, ended_at = ?, revision = ? where id = ?")) {
      s.setString(1, ended.by());
      s.setTimestamp(2, Timestamp.from(ended.at()));
      s.setLong(3, revision);
      s.setObject(4, id);
      s.executeUpdate();
    }
  }

  private static List<Maintenance> rows(PreparedStatement s) throws SQLException {
    List<Maintenance> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        Instant ended = DecisionTable.instant(r, "ended_at");
        found.add(
            new Maintenance(
                r.getObject("id", UUID.class),
                DecisionTable.extent(r),
                r.getString("reason"),
                r.getString("ticket"),
                r.getString("begun_by"),
                r.getTimestamp("begun_at").toInstant(),
                r.getTimestamp("until").toInstant(),
                ended == null
                    ? Optional.empty()
                    : Optional.of(new Maintenance.Ended(r.getString("ended_by"), ended))));
      }
    }
    return found;
  }
}
