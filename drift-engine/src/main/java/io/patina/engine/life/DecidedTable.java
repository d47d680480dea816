package io.patina.engine.life;

import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** SQL of decisions that go to the topic and of those that come from it. */
final class DecidedTable {

  private DecidedTable() {}

  /** The state of a baseline as of now, later than any decision about it before. */
  static Decided decide(Connection c, Digest statement, String subject, String means, String why)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            update baseline set decided_at = greatest(clock_timestamp(),
              coalesce(decided_at, '-infinity') + interval '1 microsecond')
            where statement = ?
            returning name, version, state, precedence, submitted_by, approved_by, approved_at,
              active_since, decided_at
            """)) {
      s.setBytes(1, statement.bytes().toByteArray());
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          throw new IllegalStateException("a decision about no baseline: " + statement);
        }
        return new Decided(
            Decided.KIND,
            statement.hex(),
            r.getString(1),
            r.getString(2),
            r.getString(3),
            r.getInt(4),
            r.getString(5),
            r.getString(6),
            instant(r.getTimestamp(7)),
            instant(r.getTimestamp(8)),
            r.getTimestamp(9).toInstant(),
            subject,
            means,
            why);
      }
    }
  }

  /** Whether a person's word on it, after its approval, is the last that was told of it. */
  static boolean isDecided(Connection c, Digest statement) throws SQLException {
    return exists(
        c, "select from baseline where statement = ? and decided_at >= approved_at", statement);
  }

  /**
   * Whether a version of its name that was made later is active by its signature alone: it was
   * after a word on this one that another has followed, or will.
   */
  static boolean isOutrun(Connection c, Digest statement) throws SQLException {
    return exists(
        c,
        """
        select from baseline later join baseline it on later.name = it.name
        where it.statement = ? and later.state = 'active' and later.decided_at is null
          and later.created_at > it.created_at
        """,
        statement);
  }

  private static boolean exists(Connection c, String query, Digest statement) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("select exists (" + query + ")")) {
      s.setBytes(1, statement.bytes().toByteArray());
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getBoolean(1);
      }
    }
  }

  /** Versions that are active as the topic told and not here, the first decision first. */
  static List<Digest> notYetActive(Connection c, String name) throws SQLException {
    List<Digest> found = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select t.statement from told_decision t join baseline b on b.statement = t.statement
            where b.name = ? and t.decision ->> 'stage' = 'active'
              and (b.decided_at is null or b.decided_at < t.decided_at)
            order by t.decided_at
            """)) {
      s.setString(1, name);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(new Digest(ByteString.copyFrom(r.getBytes(1))));
        }
      }
    }
    return found;
  }

  /**
   * Ends the rollout of a baseline at this catalogue revision, if one goes on.
   *
   * @param state that it ends in, by its wire name
   */
  static boolean endRollout(Connection c, Digest statement, String state) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            update rollout set state = ?, paused_at = null, ended_at = now(),
              revision = (select revision from catalogue)
            where baseline = ? and state in ('under-way', 'paused')
            """)) {
      s.setString(1, state);
      s.setBytes(2, statement.bytes().toByteArray());
      return s.executeUpdate() > 0;
    }
  }

  /** Keeps what the topic told, if it is later than what it told before. */
  static void told(Connection c, Decided decided) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            insert into told_decision (statement, decided_at, decision) values (?, ?, ?)
            on conflict (statement) do update
              set decided_at = excluded.decided_at, decision = excluded.decision
            where told_decision.decided_at < excluded.decided_at
            """)) {
      s.setBytes(1, Digest.ofHex(decided.statement()).bytes().toByteArray());
      s.setTimestamp(2, Timestamp.from(decided.decidedAt()));
      s.setObject(3, decided.json(), Types.OTHER);
      s.executeUpdate();
    }
  }

  /** What the topic told of a statement. */
  static Optional<Decided> told(Connection c, Digest statement) throws SQLException {
    return decision(c, "select decision from told_decision where statement = ?", statement);
  }

  /** The same, if it is later than what is known here. */
  static Optional<Decided> news(Connection c, Digest statement) throws SQLException {
    return decision(
        c,
        """
        select t.decision from told_decision t join baseline b on b.statement = t.statement
        where t.statement = ? and (b.decided_at is null or b.decided_at < t.decided_at)
        """,
        statement);
  }

  private static Optional<Decided> decision(Connection c, String query, Digest statement)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(query)) {
      s.setBytes(1, statement.bytes().toByteArray());
      try (ResultSet r = s.executeQuery()) {
        return r.next()
            ? Decided.of(r.getString(1).getBytes(StandardCharsets.UTF_8))
            : Optional.empty();
      }
    } catch (IOException e) {
      throw new SQLException("column decision is none", e);
    }
  }

  /** Takes a decision over as it was told, as one more catalogue revision. */
  static void restore(Connection c, Digest statement, Decided told, Stage stage)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            with next as (update catalogue set revision = revision + 1 returning revision)
            update baseline set state = ?, precedence = ?,
              submitted_by = coalesce(submitted_by, ?), approved_by = ?, approved_at = ?,
              active_since = ?, decided_at = ?, revision = next.revision
            from next where statement = ?
            """)) {
      s.setString(1, stage.wireName());
      s.setInt(2, told.precedence());
      s.setString(3, told.submittedBy());
      s.setString(4, told.approvedBy());
      s.setTimestamp(5, timestamp(told.approvedAt()));
      s.setTimestamp(6, timestamp(told.activeSince()));
      s.setTimestamp(7, Timestamp.from(told.decidedAt()));
      s.setBytes(8, statement.bytes().toByteArray());
      s.executeUpdate();
    }
  }

  private static @Nullable Instant instant(@Nullable Timestamp t) {
    return t == null ? null : t.toInstant();
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant i) {
    return i == null ? null : Timestamp.from(i);
  }
}
