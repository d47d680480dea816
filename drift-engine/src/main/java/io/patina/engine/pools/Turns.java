package io.patina.engine.pools;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.patina.engine.history.CloudEvents;
import io.patina.engine.history.EventIds;
import io.patina.engine.outbox.Outbox;
import io.patina.engine.outbox.Outgoing;
import io.patina.facts.Escaped;
import io.patina.manifest.Digest;
import io.patina.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Pools that turned together, as one transaction of ingest sees and changes them. Not safe for use
 * by several threads.
 */
public final class Turns {

  /** A pool began to be other than ordered, much of it together. */
  public static final String TURNED = "pool.turned";

  /** It is as ordered again, or is held against another baseline. */
  public static final String SETTLED = "pool.settled";

  /** What turns together: hosts of one pool that are held against one baseline. */
  private record Side(String pool, Digest baseline) implements Comparable<Side> {
    @Override
    public int compareTo(Side other) {
      int order = pool.compareTo(other.pool);
      return order == 0 ? baseline.hex().compareTo(other.baseline.hex()) : order;
    }
  }

  private final Connection connection;
  private final Map<Side, Turn> open = new TreeMap<>();
  private final Map<Side, Map<Instant, Long>> turning = new TreeMap<>();

  private Turns(Connection connection) {
    this.connection = connection;
  }

  /** As the tables have them. */
  public static Turns read(Connection connection) throws SQLException {
    Turns turns = new Turns(connection);
    try (PreparedStatement s =
            connection.prepareStatement(
                "select id, pool, baseline, since, sentence from pool_turn where ended_at is null");
        ResultSet r = s.executeQuery()) {
      while (r.next()) {
        Turn turn =
            new Turn(
                r.getObject(1, UUID.class),
                r.getString(2),
                new Digest(ByteString.copyFrom(r.getBytes(3))),
                r.getTimestamp(4).toInstant(),
                r.getString(5));
        turns.open.put(new Side(turn.pool(), turn.baseline()), turn);
      }
    }
    return turns;
  }

  /** The turn that a host of this pool, held against this baseline, is part of. */
  public Optional<Turn> of(String pool, Digest baseline) {
    return Optional.ofNullable(open.get(new Side(pool, baseline)));
  }

  /** All that are open. */
  public List<Turn> all() {
    return List.copyOf(open.values());
  }

  /** A host began to be other than ordered. */
  public void turned(String pool, Digest baseline, Instant at) {
    turning
        .computeIfAbsent(new Side(pool, baseline), s -> new TreeMap<>())
        .merge(TurnRules.slot(at), 1L, Long::sum);
  }

  /**
   * Writes what turned; says so once if that makes much of a pool. The counters of hosts must be
   * written already.
   *
   * @param webhooks whether somebody is called
   */
  public void write(int part, TurnRules rules, Instant now, boolean webhooks) throws SQLException {
    if (turning.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into pool_turning as t (pool, baseline, slot, part, hosts)
            values (?, ?, ?, ?, ?) on conflict (pool, baseline, slot, part)
            do update set hosts = t.hosts + excluded.hosts
            """)) {
      for (Map.Entry<Side, Map<Instant, Long>> each : turning.entrySet()) {
        for (Map.Entry<Instant, Long> slot : each.getValue().entrySet()) {
          s.setString(1, each.getKey().pool());
          s.setBytes(2, each.getKey().baseline().bytes().toByteArray());
          s.setTimestamp(3, Timestamp.from(slot.getKey()));
          s.setInt(4, part);
          s.setLong(5, slot.getValue());
          s.addBatch();
        }
      }
      s.executeBatch();
    }
    for (Side side : turning.keySet()) {
      if (!open.containsKey(side)) {
        find(side, rules, now, webhooks);
      }
    }
    turning.clear();
  }

  private void find(Side side, TurnRules rules, Instant now, boolean webhooks) throws SQLException {
    long turned =
        sum(
            "select sum(hosts) from pool_turning where pool = ? and baseline = ? and slot >= ?",
            side,
            Optional.of(rules.from(now)));
    if (turned < rules.hosts()) {
      return;
    }
    long hosts =
        sum(
            "select sum(hosts) from pool_count where pool = ? and baseline = ?",
            side,
            Optional.empty());
    // Who turned and is well again differs no more, and who turned twice is one host.
    turned = Math.min(turned, differing(side));
    if (!rules.isTurn(turned, hosts)) {
      return;
    }
    String sentence =
        TurnRules.sentence(Escaped.text(side.pool()), baselineName(side.baseline()), turned, hosts);
    UUID id = EventIds.of(TURNED, side.pool(), side.baseline(), now.toEpochMilli());
    Turn turn = new Turn(id, side.pool(), side.baseline(), now, sentence);
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into pool_turn (id, pool, baseline, since, turned, hosts, sentence)
            values (?, ?, ?, ?, ?, ?, ?) on conflict (pool, baseline) where ended_at is null
            do nothing
            """)) {
      s.setObject(1, id);
      s.setString(2, side.pool());
      s.setBytes(3, side.baseline().bytes().toByteArray());
      s.setTimestamp(4, Timestamp.from(now));
      s.setLong(5, turned);
      s.setLong(6, hosts);
      s.setString(7, sentence);
      if (s.executeUpdate() == 1) {
        ObjectNode data = data(turn);
        data.put("sentence", sentence);
        data.put("turned", turned);
        data.put("hosts", hosts);
        data.put("recommendation", "fix-baseline");
        tell(id, TURNED, side.pool(), now, data, webhooks);
      }
    }
    open.put(side, turn);
  }

  private long differing(Side side) throws SQLException {
    return sum(
        "select sum(hosts) from pool_count where pool = ? and baseline = ? and signature <> ''",
        side,
        Optional.empty());
  }

  /**
   * Finds what nobody could find while it came about: two transactions of two partitions that each
   * made half of it saw nothing of each other.
   */
  private void findMissed(TurnRules rules, Instant now, boolean webhooks) throws SQLException {
    List<Side> recent = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            "select distinct pool, baseline from pool_turning where slot >= ?")) {
      s.setTimestamp(1, Timestamp.from(rules.from(now)));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          recent.add(new Side(r.getString(1), new Digest(ByteString.copyFrom(r.getBytes(2)))));
        }
      }
    }
    for (Side side : recent) {
      if (!open.containsKey(side)) {
        find(side, rules, now, webhooks);
      }
    }
  }

  /** Ends what is over, and finds what was missed; to be asked now and then. */
  public void end(TurnRules rules, Instant now, boolean webhooks) throws SQLException {
    for (Map.Entry<Side, Turn> each : List.copyOf(open.entrySet())) {
      Side side = each.getKey();
      long hosts =
          sum(
              "select sum(hosts) from pool_count where pool = ? and baseline = ?",
              side,
              Optional.empty());
      if (rules.isOver(differing(side), hosts)) {
        try (PreparedStatement s =
            connection.prepareStatement(
                "update pool_turn set ended_at = ? where id = ? and ended_at is null")) {
          s.setTimestamp(1, Timestamp.from(now));
          s.setObject(2, each.getValue().id());
          if (s.executeUpdate() == 1) {
            tell(
                EventIds.of(SETTLED, each.getValue().id()),
                SETTLED,
                side.pool(),
                now,
                data(each.getValue()),
                webhooks);
          }
        }
        open.remove(side);
      }
    }
    findMissed(rules, now, webhooks);
  }

  private ObjectNode data(Turn turn) throws SQLException {
    ObjectNode data = new ObjectMapper().createObjectNode();
    data.put("turn", turn.id().toString());
    data.put("pool", Escaped.text(turn.pool()));
    data.put("baseline", baselineName(turn.baseline()));
    data.put("since", turn.since().toString());
    return data;
  }

  /** One event for the pool, in the form of those about hosts. */
  private void tell(
      UUID id, String kind, String pool, Instant at, ObjectNode data, boolean webhooks)
      throws SQLException {
    UUID subject = EventIds.of("pool", pool);
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("specversion", "1.0");
    root.put("id", id.toString());
    root.put("source", "urn:patina:engine");
    root.put("type", CloudEvents.TYPE_PREFIX + kind);
    root.put("subject", "pool/" + Escaped.text(pool));
    root.put("time", at.toString());
    root.put("datacontenttype", "application/json");
    root.put("partitionkey", subject.toString());
    root.set("data", data);
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    Outbox.insert(
        connection,
        List.of(
            new Outgoing(
                Outbox.shard(subject),
                Topics.DRIFT_EVENTS,
                subject.toString().getBytes(StandardCharsets.UTF_8),
                Map.of(
                    "content-type",
                    CloudEvents.MEDIA_TYPE + "; charset=UTF-8",
                    "patina-event-id",
                    id.toString()),
                json)));
    if (webhooks) {
      try (PreparedStatement s =
          connection.prepareStatement(
              "insert into webhook_delivery (id, host, body) values (?, ?, ?)"
                  + " on conflict do nothing")) {
        s.setObject(1, id);
        s.setObject(2, subject);
        s.setBytes(3, json);
        s.executeUpdate();
      }
    }
  }

  private String baselineName(Digest statement) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select name, version from baseline where statement = ?")) {
      s.setBytes(1, statement.bytes().toByteArray());
      try (ResultSet r = s.executeQuery()) {
        return r.next()
            ? Escaped.text(r.getString(1)) + " " + Escaped.text(r.getString(2))
            : statement.hex();
      }
    }
  }

  private long sum(String sql, Side side, Optional<Instant> from) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      s.setString(1, side.pool());
      s.setBytes(2, side.baseline().bytes().toByteArray());
      if (from.isPresent()) {
        s.setTimestamp(3, Timestamp.from(from.get()));
      }
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    }
  }

  /** Installations of a partition whose recommendation has to follow a turn, or the end of one. */
  public static List<UUID> behind(Connection connection, int part, int most) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    for (Turn turn : read(connection).all()) {
      // One baseline at a time: so the index is used, whatever is known of how many there are.
      try (PreparedStatement s =
          connection.prepareStatement(
              """
              select i.id from installation i join host h on h.id = i.host
              where i.part = ? and i.baseline = ? and h.pool = ?
                and i.verdict in ('artisanal', 'drifting') and i.recommendation <> 'fix-baseline'
                and i.sync = 'proven' and not i.silent and i.announced is distinct from 'retired'
              limit ?
              """)) {
        s.setInt(1, part);
        s.setBytes(2, turn.baseline().bytes().toByteArray());
        s.setString(3, turn.pool());
        s.setInt(4, most);
        try (ResultSet r = s.executeQuery()) {
          while (r.next()) {
            ids.add(r.getObject(1, UUID.class));
          }
        }
      }
    }
    if (!ids.isEmpty()) {
      return ids;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select i.id from installation i join host h on h.id = i.host
            where i.part = ? and i.verdict in ('artisanal', 'drifting')
              and i.recommendation = 'fix-baseline' and i.sync = 'proven' and not i.silent
              and i.announced is distinct from 'retired'
              and not exists (select from pool_turn t where t.ended_at is null
                and t.pool = h.pool and t.baseline = i.baseline)
            limit ?
            """)) {
      s.setInt(1, part);
      s.setInt(2, most);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          ids.add(r.getObject(1, UUID.class));
        }
      }
    }
    return ids;
  }

  /** Forgets turns of hosts that are long over. */
  public static void sweep(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "delete from pool_turning where slot < now() - interval '2 days'")) {
      s.executeUpdate();
    }
  }
}
