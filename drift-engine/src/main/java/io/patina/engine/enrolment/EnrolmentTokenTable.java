package io.patina.engine.enrolment;

import com.google.protobuf.ByteString;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of enrolment tokens. */
final class EnrolmentTokenTable {

  /** Tokens that are listed. */
  static final int MOST = 1000;

  private static final String COLUMNS =
      """
      select id, note, host, host_name, pool, labels, uses, used, created_by, created_at, expires_at,
        revoked_at, revoked_by
      from enrolment_token
      """;

  private EnrolmentTokenTable() {}

  /**
   * A token without its text.
   *
   * @param host that it is for; empty if it is for another or any
   * @param hostName likewise, by the name assigned to it
   */
  record Row(
      UUID id,
      String note,
      Optional<UUID> host,
      @Nullable String hostName,
      Place place,
      int uses,
      int used,
      String createdBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant revokedAt,
      @Nullable String revokedBy) {}

  static void insert(Connection connection, Row row, ByteString publicKey) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into enrolment_token (id, public_key, note, host, host_name, pool, labels, uses,
              created_by, created_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)) {
      s.setObject(1, row.id());
      s.setBytes(2, publicKey.toByteArray());
      s.setString(3, row.note());
      s.setObject(4, row.host().orElse(null));
      s.setString(5, row.hostName());
      s.setString(6, row.place().pool());
      s.setObject(7, row.place().json(), Types.OTHER);
      s.setInt(8, row.uses());
      s.setString(9, row.createdBy());
      s.setObject(10, row.createdAt().atOffset(ZoneOffset.UTC));
      s.setObject(11, row.expiresAt().atOffset(ZoneOffset.UTC));
      s.executeUpdate();
    }
  }

  static Optional<Row> find(Connection connection, ByteString publicKey) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(COLUMNS + "where public_key = ?")) {
      s.setBytes(1, publicKey.toByteArray());
      return rows(s).stream().findFirst();
    }
  }

  /** Takes a use of it; false if none is left. The row is this transaction's from then on. */
  static boolean use(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update enrolment_token set used = used + 1
            where id = ? and used < uses and revoked_at is null
            """)) {
      s.setObject(1, id);
      return s.executeUpdate() == 1;
    }
  }

  /** The latest tokens, latest first. */
  static List<Row> list(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(COLUMNS + "order by created_at desc, id limit " + MOST)) {
      return rows(s);
    }
  }

  /** Revokes it; empty if there is none, or it was revoked before. */
  static Optional<Row> revoke(Connection connection, UUID id, String by) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update enrolment_token set revoked_at = now(), revoked_by = ?
            where id = ? and revoked_at is null
            returning id, note, host, host_name, pool, labels, uses, used, created_by, created_at,
              expires_at, revoked_at, revoked_by
            """)) {
      s.setString(1, by);
      s.setObject(2, id);
      return rows(s).stream().findFirst();
    }
  }

  static boolean exists(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select 1 from enrolment_token where id = ?")) {
      s.setObject(1, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next();
      }
    }
  }

  private static List<Row> rows(PreparedStatement s) throws SQLException {
    List<Row> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        OffsetDateTime revoked = r.getObject("revoked_at", OffsetDateTime.class);
        found.add(
            new Row(
                r.getObject("id", UUID.class),
                r.getString("note"),
                Optional.ofNullable(r.getObject("host", UUID.class)),
                r.getString("host_name"),
                Place.read(r),
                r.getInt("uses"),
                r.getInt("used"),
                r.getString("created_by"),
                r.getObject("created_at", OffsetDateTime.class).toInstant(),
                r.getObject("expires_at", OffsetDateTime.class).toInstant(),
                revoked == null ? null : revoked.toInstant(),
                r.getString("revoked_by")));
      }
    }
    return found;
  }
}
