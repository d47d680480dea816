package io.patina.engine.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of bearer tokens. */
final class TokenTable {

  private static final String COLUMNS =
      """
      select id, subject, roles, note, created_by, created_at, expires_at, revoked_at, revoked_by
      from access_token
      """;

  /** Tokens that are listed. Who has more lost control of them long before. */
  static final int MOST = 1000;

  private TokenTable() {}

  /** A token without its text. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(
      UUID id,
      String subject,
      List<String> roles,
      String note,
      String createdBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant revokedAt,
      @Nullable String revokedBy) {}

  static void insert(Connection connection, Row row, byte[] digest) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into access_token (id, digest, subject, roles, note, created_by, created_at,
              expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)) {
      s.setObject(1, row.id());
      s.setBytes(2, digest);
      s.setString(3, row.subject());
      s.setArray(4, connection.createArrayOf("text", row.roles().toArray()));
      s.setString(5, row.note());
      s.setString(6, row.createdBy());
      s.setObject(7, row.createdAt().atOffset(ZoneOffset.UTC));
      s.setObject(8, row.expiresAt().atOffset(ZoneOffset.UTC));
      s.executeUpdate();
    }
  }

  static Optional<Row> find(Connection connection, byte[] digest) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(COLUMNS + "where digest = ?")) {
      s.setBytes(1, digest);
      return rows(s).stream().findFirst();
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
            update access_token set revoked_at = now(), revoked_by = ?
            where id = ? and revoked_at is null
            returning id, subject, roles, note, created_by, created_at, expires_at, revoked_at,
              revoked_by
            """)) {
      s.setString(1, by);
      s.setObject(2, id);
      return rows(s).stream().findFirst();
    }
  }

  static boolean exists(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select 1 from access_token where id = ?")) {
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
        Array roles = r.getArray("roles");
        OffsetDateTime revoked = r.getObject("revoked_at", OffsetDateTime.class);
        found.add(
            new Row(
                r.getObject("id", UUID.class),
                r.getString("subject"),
                List.of((String[]) roles.getArray()),
                r.getString("note"),
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
