package io.patina.engine.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of rollouts and their waves. */
public final class RolloutTable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

  private static final String SELECT =
      """
      select r.id, r.name, r.previous, p.version, r.baseline, b.version, r.state, r.reached,
        r.by_itself, r.started_at, r.started_by, r.ended_at, r.revision
      from rollout r join baseline b on b.statement = r.baseline
        join baseline p on p.statement = r.previous
      """;

  private RolloutTable() {}

  /** Those by which hosts are held against two versions. */
  public static List<Rollout> goingOn(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(SELECT + "where r.state in ('under-way', 'paused')")) {
      return rollouts(connection, s);
    }
  }

  /** The latest of a baseline. */
  static Optional<Rollout> latest(Connection connection, String name, String version)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            SELECT + "where b.name = ? and b.version = ? order by r.revision desc, r.id limit 1")) {
      s.setString(1, name);
      s.setString(2, version);
      return rollouts(connection, s).stream().findFirst();
    }
  }

  /** Begins one; its first wave is reached. */
  static void insert(
      Connection connection, UUID id, String name, String version, Plan plan, String by, Instant at)
      throws SQLException {
    try (PreparedStatement s =
            connection.prepareStatement(
                """
                insert into rollout (id, name, baseline, previous, state, reached, by_itself,
                  started_at, started_by, revision)
                select ?, b.name, b.statement, p.statement, 'under-way', 0, ?, ?, ?, 0
                from baseline b join baseline p on p.name = b.name and p.state = 'active'
                where b.name = ? and b.version = ?
                """);
        PreparedStatement wave =
            connection.prepareStatement(
                """
                insert into rollout_wave (rollout, number, percent, labels, within_seconds)
                values (?, ?, ?, ?, ?)
                """)) {
      s.setObject(1, id);
      s.setBoolean(2, plan.byItself());
      s.setTimestamp(3, Timestamp.from(at));
      s.setString(4, by);
      s.setString(5, name);
      s.setString(6, version);
      s.executeUpdate();
      for (Wave w : plan.waves()) {
        wave.setObject(1, id);
        wave.setInt(2, w.number());
        wave.setObject(3, w.percent().isPresent() ? w.percent().getAsInt() : null, Types.INTEGER);
        wave.setObject(
            4, w.labels().isEmpty() ? null : JSON.valueToTree(w.labels()).toString(), Types.OTHER);
        wave.setLong(5, w.within().toSeconds());
        wave.addBatch();
      }
      wave.executeBatch();
    }
  }

  /** The next wave is reached. */
  static void reach(Connection connection, UUID id, int number, Instant at) throws SQLException {
    try (PreparedStatement s =
            connection.prepareStatement(
                """
                update rollout_wave set reached_at = ?,
                  deadline = ?::timestamptz + within_seconds * interval '1 second'
                where rollout = ? and number = ?
                """);
        PreparedStatement r =
            connection.prepareStatement("update rollout set reached = ? where id = ?")) {
      s.setTimestamp(1, Timestamp.from(at));
      s.setTimestamp(2, Timestamp.from(at));
      s.setObject(3, id);
      s.setInt(4, number);
      s.executeUpdate();
      r.setInt(1, number);
      r.setObject(2, id);
      r.executeUpdate();
    }
  }

  static void pause(Connection connection, UUID id, Instant at) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update rollout set state = 'paused', paused_at = ? where id = ?")) {
      s.setTimestamp(1, Timestamp.from(at));
      s.setObject(2, id);
      s.executeUpdate();
    }
  }

  /** Goes on; the pause counts towards no deadline. */
  static void resume(Connection connection, UUID id, Instant at) throws SQLException {
    try (PreparedStatement w =
            connection.prepareStatement(
                """
                update rollout_wave w set deadline = w.deadline + (?::timestamptz - r.paused_at)
                from rollout r where r.id = w.rollout and r.id = ? and w.deadline > r.paused_at
                """);
        PreparedStatement s =
            connection.prepareStatement(
                "update rollout set state = 'under-way', paused_at = null where id = ?")) {
      w.setTimestamp(1, Timestamp.from(at));
      w.setObject(2, id);
      w.executeUpdate();
      s.setObject(1, id);
      s.executeUpdate();
    }
  }

  static void end(Connection connection, UUID id, Rollout.State state, Instant at)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update rollout set state = ?, paused_at = null, ended_at = ? where id = ?")) {
      s.setString(1, state.wireName());
      s.setTimestamp(2, Timestamp.from(at));
      s.setObject(3, id);
      s.executeUpdate();
    }
  }

  /** Takes the next catalogue revision for a step of a rollout: hosts follow it. */
  static void revise(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            with next as (update catalogue set revision = revision + 1 returning revision)
            update rollout set revision = next.revision from next where id = ?
            """)) {
      s.setObject(1, id);
      s.executeUpdate();
    }
  }

  private static List<Rollout> rollouts(Connection connection, PreparedStatement s)
      throws SQLException {
    List<Rollout> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        UUID id = r.getObject(1, UUID.class);
        found.add(
            new Rollout(
                id,
                r.getString(2),
                new Digest(ByteString.copyFrom(r.getBytes(3))),
                r.getString(4),
                new Digest(ByteString.copyFrom(r.getBytes(5))),
                r.getString(6),
                Rollout.State.of(r.getString(7)),
                r.getInt(8),
                r.getBoolean(9),
                r.getTimestamp(10).toInstant(),
                r.getString(11),
                instant(r.getTimestamp(12)),
                r.getLong(13),
                waves(connection, id)));
      }
    }
    return found;
  }

  private static List<Wave> waves(Connection connection, UUID rollout) throws SQLException {
    List<Wave> waves = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select number, percent, labels, within_seconds, reached_at, deadline
            from rollout_wave where rollout = ? order by number
            """)) {
      s.setObject(1, rollout);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          String labels = r.getString(3);
          waves.add(
              new Wave(
                  r.getInt(1),
                  labels == null ? OptionalInt.of(r.getInt(2)) : OptionalInt.empty(),
                  labels == null ? Map.of() : JSON.readValue(labels, LABELS),
                  Duration.ofSeconds(r.getLong(4)),
                  instant(r.getTimestamp(5)),
                  instant(r.getTimestamp(6))));
        }
      }
    } catch (JsonProcessingException e) {
      throw new SQLException("column labels is no JSON", e);
    }
    return waves;
  }

  private static @Nullable Instant instant(@Nullable Timestamp at) {
    return at == null ? null : at.toInstant();
  }
}
