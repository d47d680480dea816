package io.patina.engine.enrolment;

import com.google.protobuf.ByteString;
import io.patina.engine.state.Compared;
import io.patina.signing.PublicKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of installations as persons decide about them. */
final class LivesTable {

  private static final String COLUMNS =
      """
      select i.id, i.host, h.name, i.part, i.public_key,
        i.key_since, i.first_seen, i.last_seen, i.admission, i.admitted_by, i.admitted_at,
        i.revoked_at, i.revoked_by, i.revoked_why, i.replaced_by, i.replaced_at, i.decisions
      from installation i join host h on h.id = i.host
      """;

  private LivesTable() {}

  /** An installation: who it is, not what it reports. */
  record Row(
      UUID id,
      UUID host,
      String hostName,
      int part,
      ByteString publicKey,
      @Nullable Instant keySince,
      Instant firstSeen,
      Instant lastSeen,
      String admission,
      String admittedBy,
      @Nullable Instant admittedAt,
      @Nullable Instant revokedAt,
      @Nullable String revokedBy,
      @Nullable String revokedWhy,
      @Nullable UUID replacedBy,
      @Nullable Instant replacedAt,
      long decisions) {

    String key() {
      return new PublicKey(publicKey).id();
    }

    boolean isPinned() {
      return admission.equals("pinned");
    }
  }

  /** One of them; empty if there is none. */
  static Optional<Row> find(Connection connection, UUID id) throws SQLException {
    return rows(connection, COLUMNS + "where i.id = ?", id).stream().findFirst();
  }

  /** The lives of a host, the latest first. */
  static List<Row> of(Connection connection, UUID host) throws SQLException {
    return rows(
        connection, COLUMNS + "where i.host = ? order by i.first_seen desc, i.id desc", host);
  }

  /** Those that nobody has approved, the latest first. */
  static List<Row> pinned(Connection connection, int most) throws SQLException {
    return rows(
        connection,
        COLUMNS
            + """
            where i.admission = 'pinned' and i.revoked_at is null and i.replaced_by is null
            order by i.first_seen desc, i.id limit ?
            """,
        most);
  }

  static long countPinned(Connection connection) throws SQLException {
    try (PreparedStatement s =
            connection.prepareStatement(
                """
                select count(*) from installation
                where admission = 'pinned' and revoked_at is null and replaced_by is null
                """);
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    }
  }

  /** Partitions of installations. */
  static Collection<Integer> parts(Collection<Row> rows) {
    Collection<Integer> parts = new TreeSet<>();
    rows.forEach(r -> parts.add(r.part()));
    return parts;
  }

  static void approve(Connection connection, UUID id, String by, Instant at) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update installation set admission = 'approved', admitted_by = ?, admitted_at = ?
            where id = ?
            """)) {
      s.setString(1, by);
      s.setObject(2, at.atOffset(java.time.ZoneOffset.UTC));
      s.setObject(3, id);
      s.executeUpdate();
    }
  }

  static void revoke(Connection connection, UUID id, String by, String why, Instant at)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update installation set revoked_at = ?, revoked_by = ?, revoked_why = ? where id = ?
            """)) {
      s.setObject(1, at.atOffset(java.time.ZoneOffset.UTC));
      s.setString(2, by);
      s.setString(3, why);
      s.setObject(4, id);
      s.executeUpdate();
    }
  }

  /**
   * Numbers a decision, and has the owner of the partition look at the installation again. Only
   * after {@link io.patina.engine.state.LaneTurn#take}.
   */
  static void decided(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update installation set decisions = decisions + 1, catalogue_revision = ? where id = ?")) {
      s.setLong(1, Compared.DECIDED);
      s.setObject(2, id);
      s.executeUpdate();
    }
  }

  private static List<Row> rows(Connection connection, String query, Object parameter)
      throws SQLException {
    List<Row> found = new ArrayList<>();
    try (PreparedStatement s = connection.prepareStatement(query)) {
      s.setObject(1, parameter);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(
              new Row(
                  r.getObject("id", UUID.class),
                  r.getObject("host", UUID.class),
                  r.getString("name"),
                  r.getInt("part"),
                  ByteString.copyFrom(r.getBytes("public_key")),
                  time(r, "key_since"),
                  r.getObject("first_seen", OffsetDateTime.class).toInstant(),
                  r.getObject("last_seen", OffsetDateTime.class).toInstant(),
                  r.getString("admission"),
                  r.getString("admitted_by"),
                  time(r, "admitted_at"),
                  time(r, "revoked_at"),
                  r.getString("revoked_by"),
                  r.getString("revoked_why"),
                  r.getObject("replaced_by", UUID.class),
                  time(r, "replaced_at"),
                  r.getLong("decisions")));
        }
      }
    }
    return found;
  }

  private static @Nullable Instant time(ResultSet r, String column) throws SQLException {
    OffsetDateTime time = r.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
