package io.patina.engine.decisions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of revisions of decisions, of who has followed them, and of the columns that all have. */
public final class DecisionTable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

  private DecisionTable() {}

  /** The next revision; whoever else decides waits until this transaction ends. */
  public static long next(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update decision set revision = revision + 1 returning revision")) {
      return number(s);
    }
  }

  /** The revision as this transaction sees it. */
  public static long revision(Connection connection) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("select revision from decision")) {
      return number(s);
    }
  }

  /** The revision that the hosts of a partition have followed; 0 if none. */
  public static long followed(Connection connection, String topicId, int part) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select coalesce((select revision from decision_progress where topic_id = ? and part = ?), 0)
            """)) {
      s.setString(1, topicId);
      s.setInt(2, part);
      return number(s);
    }
  }

  /** Notes that the hosts of a partition have followed. */
  public static void follow(Connection connection, String topicId, int part, long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into decision_progress (topic_id, part, revision) values (?, ?, ?)
            on conflict (topic_id, part) do update set revision = excluded.revision
            """)) {
      s.setString(1, topicId);
      s.setInt(2, part);
      s.setLong(3, revision);
      s.executeUpdate();
    }
  }

  /**
   * Installations of a partition that decisions after a revision are about and to whom they make a
   * difference: something is open or held back, or they are to be retired.
   */
  public static List<UUID> concerned(Connection connection, int part, long after)
      throws SQLException {
    List<UUID> found = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select i.id from installation i join host h on h.id = i.host
            where i.part = ? and i.id in (
              select o.id from installation o where o.part = ? and o.open_deviations > 0
              union select n.installation from held_notice n
              union select r.installation from retirement r where r.applied_at is null)
            and exists (select from decision_extent e where e.revision > ?
              and (e.host is null or e.host = h.id) and (e.pool is null or e.pool = h.pool)
              and h.labels @> e.labels)
            order by i.id
            """)) {
      s.setInt(1, part);
      s.setInt(2, part);
      s.setLong(3, after);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(r.getObject(1, UUID.class));
        }
      }
    }
    return found;
  }

  /** Whether there is such a host. */
  public static boolean isHost(Connection connection, UUID host) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("select from host where id = ?")) {
      s.setObject(1, host);
      try (ResultSet r = s.executeQuery()) {
        return r.next();
      }
    }
  }

  /** Sets three parameters: host, pool, labels. */
  public static int set(PreparedStatement s, int from, Extent extent) throws SQLException {
    int at = from;
    s.setObject(at++, extent.host().orElse(null));
    s.setString(at++, extent.pool().orElse(null));
    s.setObject(at++, JSON.valueToTree(extent.labels()).toString(), Types.OTHER);
    return at;
  }

  /** The columns host, pool, labels. */
  public static Extent extent(ResultSet r) throws SQLException {
    try {
      return new Extent(
          Optional.ofNullable(r.getObject("host", UUID.class)),
          Optional.ofNullable(r.getString("pool")),
          JSON.readValue(r.getString("labels"), LABELS));
    } catch (JsonProcessingException e) {
      throw new SQLException("column labels is not as it was written", e);
    }
  }

  /** A time, or null. */
  public static @Nullable Instant instant(ResultSet r, String column) throws SQLException {
    Timestamp timestamp = r.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }

  private static long number(PreparedStatement s) throws SQLException {
    try (ResultSet r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    }
  }
}
