package io.patina.engine.deviations;

import com.google.protobuf.ByteString;
import io.patina.engine.state.Since;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.verdict.DriftClass;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of sets and of hosts' parts in them. */
public final class ShareTable {

  private ShareTable() {}

  /** The set of that id; empty if there is none. */
  static Optional<DriftSet> set(Connection connection, Digest id) throws SQLException {
    List<DriftSet.Member> members = new ArrayList<>();
    Digest baseline = null;
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select facet, key, kind, owner, drift_class, cause, because, actor, difference, baseline
            from drift_set_entry join drift_set on id = set_id where set_id = ? order by number
            """)) {
      s.setBytes(1, id.bytes().toByteArray());
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          ByteString canonical = ByteString.copyFrom(r.getBytes(9));
          members.add(
              new DriftSet.Member(
                  DeviationTable.difference(
                      new FactKey(r.getString(1), ByteString.copyFrom(r.getBytes(2))),
                      canonical,
                      r.getString(3),
                      r.getString(4),
                      r.getString(5)),
                  DriftClass.valueOf(DeviationTable.constant(r.getString(5))),
                  new Evidence(
                      Cause.valueOf(DeviationTable.constant(r.getString(6))),
                      r.getString(7),
                      r.getString(8),
                      Optional.empty()),
                  canonical));
          baseline = new Digest(ByteString.copyFrom(r.getBytes(10)));
        }
      }
    }
    return baseline == null ? Optional.empty() : Optional.of(DriftSet.ofMembers(baseline, members));
  }

  /** Ids of the sets that were found against a baseline last. */
  static List<Digest> latest(Connection connection, Digest baseline, int most) throws SQLException {
    List<Digest> ids = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            "select id from drift_set where baseline = ? order by recorded_at desc limit ?")) {
      s.setBytes(1, baseline.bytes().toByteArray());
      s.setInt(2, most);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          ids.add(new Digest(ByteString.copyFrom(r.getBytes(1))));
        }
      }
    }
    return ids;
  }

  /** What an installation has of sets. */
  public static List<Share> readOpen(Connection connection, SharedSets sets, UUID installation)
      throws SQLException {
    List<Share> shares = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select id, set_id, without, group_id, baseline, fact_since, onset_earliest,
              onset_latest, settles_at, observed_at
            from drift_share where installation = ? and end_latest is null order by id
            """)) {
      s.setObject(1, installation);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          Digest set = new Digest(ByteString.copyFrom(r.getBytes(2)));
          BitSet without = new BitSet();
          for (Integer number : (Integer[]) r.getArray(3).getArray()) {
            without.set(number);
          }
          shares.add(
              new Share(
                  r.getObject(1, UUID.class),
                  sets.get(connection, set)
                      .orElseThrow(() -> new SQLException("a share is of no set: " + set)),
                  without,
                  r.getObject(4, UUID.class),
                  new Digest(ByteString.copyFrom(r.getBytes(5))),
                  r.getTimestamp(6).toInstant(),
                  new Since(instant(r.getTimestamp(7)), r.getTimestamp(8).toInstant()),
                  r.getTimestamp(9).toInstant(),
                  r.getTimestamp(10).toInstant()));
        }
      }
    }
    return shares;
  }

  /** Writes what happened to parts in sets, and the sets that are new, of many installations. */
  public static void write(
      Connection connection, Map<UUID, UUID> hosts, Map<UUID, List<ShareStep>> steps)
      throws SQLException {
    if (steps.isEmpty()) {
      return;
    }
    Map<Digest, DriftSet> needed =
        new java.util.TreeMap<>(java.util.Comparator.comparing(Digest::hex));
    steps.values().stream()
        .flatMap(List::stream)
        .filter(s -> s instanceof ShareStep.Began)
        .forEach(s -> needed.put(s.share().set().id(), s.share().set()));
    insertSets(connection, needed);
    try (PreparedStatement begin =
            connection.prepareStatement(
                """
                insert into drift_share (id, installation, host, set_id, without, deviations,
                  group_id, baseline, fact_since, onset_earliest, onset_latest, settles_at,
                  observed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
        PreparedStatement shrink =
            connection.prepareStatement(
                "update drift_share set without = ?, deviations = ? where id = ?");
        PreparedStatement end =
            connection.prepareStatement(
                """
                update drift_share set end_earliest = ?, end_latest = ?, end_cause = ?,
                  continued = ?, closed_observed_at = ?, closed_recorded_at = now()
                where id = ?
                """)) {
      for (Map.Entry<UUID, List<ShareStep>> each : steps.entrySet()) {
        for (ShareStep step : each.getValue()) {
          switch (step) {
            case ShareStep.Began began ->
                begin(connection, begin, each.getKey(), hosts.get(each.getKey()), began.share());
            case ShareStep.Shrank shrank -> shrink(connection, shrink, shrank.share());
            case ShareStep.Ended ended -> end(end, ended);
          }
        }
      }
    }
  }

  /** How many members the sets have, each counted once, that hosts have come into. */
  public static int members(Map<UUID, List<ShareStep>> steps) {
    return steps.values().stream()
        .flatMap(List::stream)
        .filter(s -> s instanceof ShareStep.Began)
        .map(s -> s.share().set())
        .distinct()
        .mapToInt(s -> s.members().size())
        .sum();
  }

  /**
   * Forgets shares that ended long ago, and sets that no host has, some of them at a time.
   *
   * @return how many sets
   */
  public static int sweep(Connection connection) throws SQLException {
    try (PreparedStatement ended =
            connection.prepareStatement(
                """
                delete from drift_share where id in (select id from drift_share
                  where end_latest is not null and closed_recorded_at < now() - interval '90 days'
                  limit 10000)
                """);
        // One that a host is just coming into is locked by whoever writes that.
        PreparedStatement sets =
            connection.prepareStatement(
                """
                delete from drift_set where id in (select id from drift_set s
                  where recorded_at < now() - interval '1 hour'
                    and not exists (select from drift_share h where h.set_id = s.id)
                  limit 100 for update skip locked)
                """)) {
      ended.executeUpdate();
      return sets.executeUpdate();
    }
  }

  private static void begin(
      Connection connection,
      PreparedStatement s,
      UUID installation,
      @Nullable UUID host,
      Share share)
      throws SQLException {
    s.setObject(1, share.id());
    s.setObject(2, installation);
    s.setObject(3, host);
    s.setBytes(4, share.set().id().bytes().toByteArray());
    s.setArray(5, connection.createArrayOf("int", share.withoutNumbers()));
    s.setInt(6, share.size());
    s.setObject(7, share.group());
    s.setBytes(8, share.baseline().bytes().toByteArray());
    s.setTimestamp(9, Timestamp.from(share.factSince()));
    s.setTimestamp(10, timestamp(share.onset().earliest()));
    s.setTimestamp(11, Timestamp.from(share.onset().latest()));
    s.setTimestamp(12, Timestamp.from(share.settlesAt()));
    s.setTimestamp(13, Timestamp.from(share.observedAt()));
    s.executeUpdate();
  }

  private static void shrink(Connection connection, PreparedStatement s, Share share)
      throws SQLException {
    s.setArray(1, connection.createArrayOf("int", share.withoutNumbers()));
    s.setInt(2, share.size());
    s.setObject(3, share.id());
    s.executeUpdate();
  }

  private static void end(PreparedStatement s, ShareStep.Ended ended) throws SQLException {
    s.setTimestamp(1, timestamp(ended.end().earliest()));
    s.setTimestamp(2, Timestamp.from(ended.end().latest()));
    s.setString(3, ended.why().wireName());
    s.setBoolean(4, ended.continued());
    s.setTimestamp(5, Timestamp.from(ended.circumstances().observedAt()));
    s.setObject(6, ended.share().id());
    s.executeUpdate();
  }

  /**
   * In the order of their ids: two partitions that write the same ones wait, and never for each
   * other.
   */
  private static void insertSets(Connection connection, Map<Digest, DriftSet> needed)
      throws SQLException {
    Set<Digest> there = new HashSet<>();
    try (PreparedStatement s =
        connection.prepareStatement("select id from drift_set where id = any(?) for key share")) {
      s.setArray(
          1,
          connection.createArrayOf(
              "bytea",
              needed.keySet().stream().map(d -> d.bytes().toByteArray()).toArray(byte[][]::new)));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          there.add(new Digest(ByteString.copyFrom(r.getBytes(1))));
        }
      }
    }
    for (DriftSet set : needed.values()) {
      if (!there.contains(set.id())) {
        insert(connection, set);
      }
    }
  }

  private static void insert(Connection connection, DriftSet set) throws SQLException {
    byte[] id = set.id().bytes().toByteArray();
    try (PreparedStatement s =
            connection.prepareStatement(
                "insert into drift_set (id, deviations, baseline) values (?, ?, ?)"
                    + " on conflict do nothing");
        PreparedStatement entry =
            connection.prepareStatement(
                """
                insert into drift_set_entry (set_id, number, facet, key, key_text, kind, expected,
                  actual, owner, drift_class, cause, because, actor, difference)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
      s.setBytes(1, id);
      s.setInt(2, set.members().size());
      s.setBytes(3, set.baseline().bytes().toByteArray());
      if (s.executeUpdate() == 0) {
        return;
      }
      int number = 0;
      for (DriftSet.Member m : set.members()) {
        entry.setBytes(1, id);
        entry.setInt(2, number++);
        entry.setString(3, m.key().facet());
        entry.setBytes(4, m.key().name().toByteArray());
        entry.setString(5, m.key().displayName());
        entry.setString(6, m.difference().kind().wireName());
        entry.setObject(7, DeviationTable.json(m.difference().expected()), Types.OTHER);
        entry.setObject(8, DeviationTable.json(m.difference().actual()), Types.OTHER);
        entry.setString(9, m.difference().owner().orElse(null));
        entry.setString(10, m.driftClass().wireName());
        entry.setString(11, m.evidence().cause().wireName());
        entry.setString(12, m.evidence().because());
        entry.setString(13, m.evidence().actor());
        entry.setBytes(14, m.canonical().toByteArray());
        entry.addBatch();
      }
      entry.executeBatch();
    }
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
