package io.patina.engine.enrolment;

import com.google.protobuf.ByteString;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
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

  /** Takes the grant for an installation and its key, if there is one: it counts once. */
  static Optional<Grant> take(Connection connection, UUID installation, ByteString key)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            delete from admission_grant where installation = ? and public_key = ?
            returning host, pool, labels, granted_by
            """)) {
      s.setObject(1, installation);
      s.setBytes(2, key.toByteArray());
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

  static void put(Connection connection, UUID installation, ByteString key, Grant grant)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into admission_grant (installation, public_key, host, pool, labels, granted_by)
            values (?, ?, ?, ?, ?, ?)
            on conflict (installation) do update set public_key = excluded.public_key,
              host = excluded.host, pool = excluded.pool, labels = excluded.labels,
              granted_by = excluded.granted_by, granted_at = now()
            """)) {
      s.setObject(1, installation);
      s.setBytes(2, key.toByteArray());
      s.setObject(3, grant.host().orElse(null));
      s.setString(4, grant.place().pool());
      s.setObject(5, grant.place().json(), Types.OTHER);
      s.setString(6, grant.by());
      s.executeUpdate();
    }
  }
}
