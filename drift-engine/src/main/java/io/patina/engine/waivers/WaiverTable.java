package io.patina.engine.waivers;

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

/** SQL of waivers. */
public final class WaiverTable {

  private static final String WAIVER =
      """
      select id, facet, keys, expected, actual, host, pool, labels, reason, ticket, owner,
        requested_by, requested_at, expires_at, soon_at, approved_by, approved_at,
        revoked_by, revoked_at, revoked_why
      from waiver
      """;

  private WaiverTable() {}

  /** Those that are approved, not revoked, and not over at that moment. */
  public static List<Waiver> inForce(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            WAIVER
                + " where approved_at is not null and revoked_at is null and expires_at > ?"
                + " order by expires_at desc, id")) {
      s.setTimestamp(1, Timestamp.from(now));
      return rows(s);
    }
  }

  /** Those that are neither revoked nor over; with the others, latest end first. */
  public static List<Waiver> list(Connection connection, Instant now, boolean all, int most)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            WAIVER
                + (all ? "" : " where revoked_at is null and expires_at > ?")
                + " order by expires_at "
                + (all ? "desc" : "")
                + ", id limit ?")) {
      int at = 1;
      if (!all) {
        s.setTimestamp(at++, Timestamp.from(now));
      }
      s.setInt(at, most);
      return rows(s);
    }
  }

  static Optional<Waiver> find(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(WAIVER + " where id = ?")) {
      s.setObject(1, id);
      return rows(s).stream().findFirst();
    }
  }

  static void insert(Connection connection, Waiver w, long revision) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into waiver (id, facet, keys, expected, actual, host, pool, labels, reason,
              ticket, owner, requested_by, requested_at, expires_at, soon_at, revision)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)) {
      int at = 1;
      s.setObject(at++, w.id());
      s.setString(at++, w.pattern().facet());
      s.setString(at++, w.pattern().keys().toString());
      s.setString(at++, w.pattern().expected().orElse(null));
      s.setString(at++, w.pattern().actual().orElse(null));
      at = DecisionTable.set(s, at, w.extent());
      s.setString(at++, w.reason());
      s.setString(at++, w.ticket());
      s.setString(at++, w.owner());
      s.setString(at++, w.requestedBy());
      s.setTimestamp(at++, Timestamp.from(w.requestedAt()));
      s.setTimestamp(at++, Timestamp.from(w.expiresAt()));
      s.setTimestamp(at++, Timestamp.from(w.soonAt()));
      s.setLong(at, revision);
      s.executeUpdate();
    }
  }

  static void approve(Connection connection, UUID id, String by, Instant at, long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update waiver set approved_by = ?, approved_at = ?, revision = ? where id = ?")) {
      s.setString(1, by);
      s.setTimestamp(2, Timestamp.from(at));
      s.setLong(3, revision);
      s.setObject(4, id);
      s.executeUpdate();
    }
  }

  static void revoke(Connection connection, UUID id, Waiver.Step step, long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update waiver set revoked_by = ?, revoked_at = ?, revoked_why = ?, revision = ?
            where id = ?
            """)) {
      s.setString(1, step.by());
      s.setTimestamp(2, Timestamp.from(step.at()));
      s.setString(3, step.why());
      s.setLong(4, revision);
      s.setObject(5, id);
      s.executeUpdate();
    }
  }

  /** Takes those that expire soon and have not been told of; each is taken once. */
  public static List<Waiver> takeSoon(Connection connection, Instant now) throws SQLException {
    return take(
        connection,
        now,
        """
        update waiver set soon_told_at = ? where id in (
          select id from waiver where soon_told_at is null and approved_at is not null
            and revoked_at is null and soon_at <= ? and expires_at > ? for update skip locked)
        """,
        3);
  }

  /** Takes those that are over since they were told of last; each is taken once. */
  public static List<Waiver> takeEnded(Connection connection, Instant now) throws SQLException {
    return take(
        connection,
        now,
        """
        update waiver set ended_told_at = ? where id in (
          select id from waiver where ended_told_at is null and approved_at is not null
            and revoked_at is null and expires_at <= ? for update skip locked)
        """,
        2);
  }

  private static List<Waiver> take(
      Connection connection, Instant now, String update, int parameters) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            update
                + " returning id, facet, keys, expected, actual, host, pool, labels, reason, ticket,"
                + " owner, requested_by, requested_at, expires_at, soon_at, approved_by,"
                + " approved_at, revoked_by, revoked_at, revoked_why")) {
      for (int i = 1; i <= parameters; i++) {
        s.setTimestamp(i, Timestamp.from(now));
      }
      return rows(s);
    }
  }

  private static List<Waiver> rows(PreparedStatement s) throws SQLException {
    List<Waiver> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        found.add(
            new Waiver(
                r.getObject("id", UUID.class),
                Pattern.of(
                    r.getString("facet"),
                    r.getString("keys"),
                    Optional.ofNullable(r.getString("expected")),
                    Optional.ofNullable(r.getString("actual"))),
                DecisionTable.extent(r),
                r.getString("reason"),
                r.getString("ticket"),
                r.getString("owner"),
                r.getString("requested_by"),
                r.getTimestamp("requested_at").toInstant(),
                r.getTimestamp("expires_at").toInstant(),
                r.getTimestamp("soon_at").toInstant(),
                step(r, "approved_by", "approved_at", ""),
                step(r, "revoked_by", "revoked_at", r.getString("revoked_why"))));
      }
    }
    return found;
  }

  private static Optional<Waiver.Step> step(
      ResultSet r, String by, String at, @org.jspecify.annotations.Nullable String why)
      throws SQLException {
    Instant when = DecisionTable.instant(r, at);
    return when == null
        ? Optional.empty()
        : Optional.of(new Waiver.Step(r.getString(by), when, why == null ? "" : why));
  }
}
