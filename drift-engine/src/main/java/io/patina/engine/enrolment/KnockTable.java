package io.patina.engine.enrolment;

import com.google.protobuf.ByteString;
import io.patina.signing.PublicKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** SQL of those who knock and are not let in. */
final class KnockTable {

  /**
   * One of them.
   *
   * @param granted a person has let it in; it appears with its next report
   */
  record Row(
      UUID installation,
      ByteString publicKey,
      String claimedName,
      String reason,
      long reports,
      Instant firstAt,
      Instant lastAt,
      boolean granted) {

    /** The key's name, as a person compares it. */
    String key() {
      return new PublicKey(publicKey).id();
    }
  }

  private KnockTable() {}

  /** Counts another report of one that is listed; false if it is not. */
  static boolean again(Connection connection, Knock knock, String reason) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update knock set reports = reports + 1, last_at = greatest(last_at, ?), reason = ?,
              claimed_name = coalesce(nullif(?, ''), claimed_name)
            where installation = ? and public_key = ?
            """)) {
      s.setTimestamp(1, Timestamp.from(knock.at()));
      s.setString(2, reason);
      s.setString(3, knock.claimedName());
      s.setObject(4, knock.installation());
      s.setBytes(5, knock.publicKey().toByteArray());
      return s.executeUpdate() > 0;
    }
  }

  /** Lists one that is not listed yet. */
  static void list(Connection connection, Knock knock, String reason) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into knock (installation, public_key, claimed_name, reason, reports,
              first_at, last_at)
            values (?, ?, ?, ?, 1, ?, ?)
            on conflict do nothing
            """)) {
      s.setObject(1, knock.installation());
      s.setBytes(2, knock.publicKey().toByteArray());
      s.setString(3, knock.claimedName());
      s.setString(4, reason);
      s.setTimestamp(5, Timestamp.from(knock.at()));
      s.setTimestamp(6, Timestamp.from(knock.at()));
      s.executeUpdate();
    }
  }

  /** Takes those off the list that were heard least lately. */
  static void evict(Connection connection, long howMany) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            delete from knock where (installation, public_key) in (
              select installation, public_key from knock order by last_at limit ?
              for update skip locked)
            """)) {
      s.setLong(1, howMany);
      s.executeUpdate();
    }
  }

  /** Why it was not let in when it knocked before; empty if it did not. */
  static Optional<String> before(Connection connection, Knock knock) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select reason from knock where installation = ? and public_key = ?")) {
      s.setObject(1, knock.installation());
      s.setBytes(2, knock.publicKey().toByteArray());
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
      }
    }
  }

  /** It is let in. */
  static void forget(Connection connection, UUID installation) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("delete from knock where installation = ?")) {
      s.setObject(1, installation);
      s.executeUpdate();
    }
  }

  static long count(Connection connection) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("select count(*) from knock");
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    }
  }

  /** The last ones heard, last first. */
  static List<Row> list(Connection connection, int most) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select k.*, g.key as granted
            from knock k left join admission_grant g
              on g.installation = k.installation and g.expires_at > now()
            order by k.last_at desc, k.installation, k.public_key limit ?
            """)) {
      s.setInt(1, most);
      return rows(s);
    }
  }

  /** Every key under which an installation knocks. */
  static List<Row> of(Connection connection, UUID installation) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select k.*, g.key as granted
            from knock k left join admission_grant g
              on g.installation = k.installation and g.expires_at > now()
            where k.installation = ?
            """)) {
      s.setObject(1, installation);
      return rows(s);
    }
  }

  private static List<Row> rows(PreparedStatement s) throws SQLException {
    List<Row> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        ByteString key = ByteString.copyFrom(r.getBytes("public_key"));
        found.add(
            new Row(
                r.getObject("installation", UUID.class),
                key,
                r.getString("claimed_name"),
                r.getString("reason"),
                r.getLong("reports"),
                r.getObject("first_at", OffsetDateTime.class).toInstant(),
                r.getObject("last_at", OffsetDateTime.class).toInstant(),
                new PublicKey(key).id().equals(r.getString("granted"))));
      }
    }
    return found;
  }
}
