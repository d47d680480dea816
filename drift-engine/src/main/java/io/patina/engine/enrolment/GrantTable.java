package io.patina.engine.enrolment;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** SQL of what persons let in that had knocked. */
final class GrantTable {

  /**
   * A person's word that a key is let in.
   *
   * @param host that it joins; empty for one of its own
   */
  record Grant(Optional<UUID> host, Place place, String by) {}

  private GrantTable() {}

  /**
   * Takes the grant for an installation and its key, if there is one: it counts once.
   *
   * @param key name of the key
   * @param at by when it has to last
   */
  static Optional<Grant> take(Connection connection, UUID installation, String key, Instant at)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            delete from admission_grant where installation = ? and key = ? and expires_at > ?
            returning host, pool, labels, granted_by
            """)) {
      s.setObject(1, installation);
      s.setString(2, key);
      s.setTimestamp(3, Timestamp.from(at));
      try (ResultSet r = s.executeQuery()) {
        return r.next()
            ? Optional.of(
                new Grant(
                    Optional.ofNullable(r.getObject("host", UUID.class)),
                    Place.read(r),
                    r.getString("granted_by")))
            : Optional.empty();
      }
    }
  }

  static void put(
      Connection connection, UUID installation, String key, Grant grant, Instant expires)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into admission_grant (installation, key, host, pool, labels, granted_by,
              expires_at)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (installation) do update set key = excluded.key,
              host = excluded.host, pool = excluded.pool, labels = excluded.labels,
              granted_by = excluded.granted_by, granted_at = now(),
              expires_at = excluded.expires_at
            """)) {
      s.setObject(1, installation);
      s.setString(2, key);
      s.setObject(3, grant.host().orElse(null));
      s.setString(4, grant.place().pool());
      s.setObject(5, grant.place().json(), Types.OTHER);
      s.setString(6, grant.by());
      s.setTimestamp(7, Timestamp.from(expires));
      s.executeUpdate();
    }
  }

  /** Takes a grant back that nobody has used; the key's name that it was for, if there was one. */
  static Optional<String> withdraw(Connection connection, UUID installation) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "delete from admission_grant where installation = ? returning key")) {
      s.setObject(1, installation);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
      }
    }
  }
}
