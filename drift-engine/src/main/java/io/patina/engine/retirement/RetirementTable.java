package io.patina.engine.retirement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** SQL of retirements. */
public final class RetirementTable {

  private RetirementTable() {}

  /** Lives of these hosts that are not retired and need not be said to be: host, installation. */
  static List<UUID[]> lives(Connection connection, Collection<UUID> hosts) throws SQLException {
    List<UUID[]> found = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select i.host, i.id from installation i where i.host = any(?)
            and i.announced is distinct from 'retired'
            and not exists (select from retirement r
              where r.installation = i.id and r.applied_at is null)
            order by i.host, i.id
            """)) {
      s.setArray(1, connection.createArrayOf("uuid", hosts.toArray()));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(new UUID[] {r.getObject(1, UUID.class), r.getObject(2, UUID.class)});
        }
      }
    }
    return found;
  }

  /** Those of these hosts that there are. */
  static List<UUID> known(Connection connection, Collection<UUID> hosts) throws SQLException {
    List<UUID> found = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement("select id from host where id = any(?)")) {
      s.setArray(1, connection.createArrayOf("uuid", hosts.toArray()));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(r.getObject(1, UUID.class));
        }
      }
    }
    return found;
  }

  static void insert(Connection connection, Collection<Retirement> retirements, long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into retirement (id, host, installation, reason, retired_by, retired_at, revision)
            values (?, ?, ?, ?, ?, ?, ?)
            """)) {
      for (Retirement r : retirements) {
        s.setObject(1, r.id());
        s.setObject(2, r.host());
        s.setObject(3, r.installation());
        s.setString(4, r.reason());
        s.setString(5, r.by());
        s.setTimestamp(6, Timestamp.from(r.at()));
        s.setLong(7, revision);
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  /** Takes the word that an installation is over, if it has not been carried out; once. */
  public static Optional<Retirement> take(Connection connection, UUID installation, Instant now)
      throws SQLException {
    Optional<Retirement> last = Optional.empty();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update retirement set applied_at = ? where installation = ? and applied_at is null
            returning id, host, reason, retired_by, retired_at
            """)) {
      s.setTimestamp(1, Timestamp.from(now));
      s.setObject(2, installation);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          last =
              Optional.of(
                  new Retirement(
                      r.getObject(1, UUID.class),
                      r.getObject(2, UUID.class),
                      installation,
                      r.getString(3),
                      r.getString(4),
                      r.getTimestamp(5).toInstant()));
        }
      }
    }
    return last;
  }
}
