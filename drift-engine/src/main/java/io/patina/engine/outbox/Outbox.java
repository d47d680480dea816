package io.patina.engine.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.wire.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** SQL of the outbox. */
public final class Outbox {

  /** How many shards there are for what is told of hosts. */
  public static final int SHARDS = 16;

  /**
   * The shard after them, of what people decide: no host waits for a broker that takes none of it.
   * {@code outbox_shard} has a row for each.
   */
  static final int DECISIONS = SHARDS;

  static final int ALL = SHARDS + 1;

  private static final Set<String> OF_DECISIONS = Set.of(Topics.DECISIONS, Topics.BASELINES);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  /** A row that has not been sent. */
  record Unsent(long ordinal, Outgoing outgoing) {}

  private Outbox() {}

  /** The shard in which a host's events keep their order. */
  public static int shard(UUID host) {
    return Math.floorMod(host.hashCode(), SHARDS);
  }

  /** The shard in which what a topic carries about one thing keeps its order. */
  public static int shard(String topic, UUID thing) {
    return OF_DECISIONS.contains(topic) ? DECISIONS : shard(thing);
  }

  /** Puts records in, in this order. */
  public static void insert(Connection connection, List<Outgoing> records) throws SQLException {
    if (records.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            "insert into outbox (shard, topic, key, headers, payload) values (?, ?, ?, ?, ?)")) {
      for (Outgoing r : records) {
        s.setInt(1, r.shard());
        s.setString(2, r.topic());
        s.setBytes(3, r.key());
        s.setObject(4, json(r.headers()), Types.OTHER);
        s.setBytes(5, r.payload());
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  /**
   * Takes a shard that has something to send and that nobody else is sending from.
   *
   * @param below those from this one on are left alone
   */
  static Optional<Integer> lease(Connection connection, int notBefore, int below)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select shard from outbox_shard
            where shard < ? and exists (select from outbox
                where outbox.shard = outbox_shard.shard and sent_at is null)
            order by (shard + 17 - ?) % 17 limit 1 for update skip locked
            """)) {
      s.setInt(1, below);
      s.setInt(2, notBefore);
      try (ResultSet rows = s.executeQuery()) {
        return rows.next() ? Optional.of(rows.getInt(1)) : Optional.empty();
      }
    }
  }

  /** The oldest rows of a shard that have not been sent. */
  static List<Unsent> unsent(Connection connection, int shard, int limit) throws SQLException {
    List<Unsent> unsent = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select ordinal, topic, key, headers, payload from outbox
            where shard = ? and sent_at is null order by ordinal limit ?
            """)) {
      s.setInt(1, shard);
      s.setInt(2, limit);
      try (ResultSet rows = s.executeQuery()) {
        while (rows.next()) {
          unsent.add(
              new Unsent(
                  rows.getLong(1),
                  new Outgoing(
                      shard,
                      rows.getString(2),
                      rows.getBytes(3),
                      headers(rows.getString(4)),
                      rows.getBytes(5))));
        }
      }
    }
    return unsent;
  }

  static void sent(Connection connection, List<Long> ordinals) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("update outbox set sent_at = now() where ordinal = any(?)")) {
      s.setArray(1, connection.createArrayOf("bigint", ordinals.toArray()));
      s.executeUpdate();
    }
  }

  /** Forgets what was sent more than an hour ago. */
  static void sweep(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "delete from outbox where sent_at < now() - interval '1 hour'")) {
      s.executeUpdate();
    }
  }

  private static String json(Map<String, String> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text is always JSON", e);
    }
  }

  private static Map<String, String> headers(String json) {
    try {
      return JSON.readValue(json, HEADERS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("headers are not as they were written", e);
    }
  }
}
