package io.patina.engine.pools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.engine.pools.PoolView.Again;
import io.patina.engine.pools.PoolView.HostName;
import io.patina.engine.pools.PoolView.Side;
import io.patina.engine.pools.PoolView.TurnView;
import io.patina.engine.pools.PoolView.WayView;
import io.patina.engine.pools.Way.Example;
import io.patina.engine.pools.Way.Item;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads pools, judged as a whole. */
@Singleton
public class Pools {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Ways of differing that are looked into, of each baseline. */
  private static final int MOST_WAYS = 10;

  private static final int MOST_SIDES = 8;
  private static final int EXAMPLES = 3;

  /** Differences of one way that are read. */
  private static final int MOST_ITEMS = 500;

  private static final int SEPARATING = 20;
  private static final int MOST_AGAIN = 50;
  private static final int MOST_TURNS = 10;

  private final DataSource database;

  Pools(DataSource database) {
    this.database = database;
  }

  /** One pool; empty if no host is in it. */
  public Optional<PoolView> pool(String pool) throws SQLException {
    try (Connection c = database.getConnection()) {
      List<Side> sides = new ArrayList<>();
      long hosts = 0;
      for (Counted side : sides(c, pool)) {
        hosts += side.hosts;
        if (sides.size() < MOST_SIDES) {
          sides.add(side(c, pool, side));
        }
      }
      return hosts == 0
          ? Optional.empty()
          : Optional.of(new PoolView(pool, hosts, sides, again(c, pool), turns(c, pool)));
    }
  }

  /** Counters of one baseline in a pool. */
  @SuppressWarnings("ArrayRecordComponent") // a key of queries, never compared
  private record Counted(
      byte[] statement, @Nullable String baseline, long hosts, long conforming, long signatures) {}

  private static List<Counted> sides(Connection c, String pool) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select n.baseline, b.name || ' ' || b.version as name, sum(n.hosts)::bigint as hosts,
              coalesce(sum(n.hosts) filter (where n.signature = ''), 0)::bigint as conforming,
              count(distinct n.signature) filter (where n.hosts > 0) as signatures
            from pool_count n left join baseline b on b.statement = n.baseline
            where n.pool = ? group by 1, 2 having sum(n.hosts) > 0 order by hosts desc, n.baseline
            """)) {
      s.setString(1, pool);
      try (ResultSet r = s.executeQuery()) {
        List<Counted> sides = new ArrayList<>();
        while (r.next()) {
          sides.add(
              new Counted(
                  r.getBytes("baseline"),
                  r.getString("name"),
                  r.getLong("hosts"),
                  r.getLong("conforming"),
                  r.getLong("signatures")));
        }
        return sides;
      }
    }
  }

  private static Side side(Connection c, String pool, Counted side) throws SQLException {
    if (side.baseline == null) {
      return new Side(
          null,
          null,
          side.hosts,
          0,
          0,
          "No approved baseline selects these; /outliers of the pool compares them with each"
              + " other.",
          List.of(),
          null);
    }
    List<Way> ways = ways(c, pool, side.statement);
    Way base = ways.getFirst();
    List<WayView> shown = new ArrayList<>();
    Map<String, Item> separating = new TreeMap<>();
    for (Way way : ways) {
      Map<String, Item> of = way.equals(base) ? Map.of() : Separation.between(base, way);
      separating.putAll(of);
      shown.add(
          new WayView(
              way.signature(),
              way.hosts(),
              way.examples().stream().map(e -> new HostName(e.id(), e.name())).toList(),
              of.keySet().stream().limit(SEPARATING).toList(),
              Math.max(0, of.size() - SEPARATING)));
    }
    return new Side(
        side.baseline,
        HexFormat.of().formatHex(side.statement),
        side.hosts,
        side.conforming,
        side.signatures,
        Separation.sentence(ways, side.hosts, side.signatures),
        shown,
        Scriptlets.of(separating.values()).orElse(null));
  }

  private static List<Way> ways(Connection c, String pool, byte[] statement) throws SQLException {
    Map<String, Long> counts = new LinkedHashMap<>();
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select encode(signature, 'hex') as signature, sum(hosts)::bigint as hosts
            from pool_count where pool = ? and baseline = ?
            group by signature having sum(hosts) > 0 order by hosts desc, signature limit ?
            """)) {
      s.setString(1, pool);
      s.setBytes(2, statement);
      s.setInt(3, MOST_WAYS);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          counts.put(r.getString(1), r.getLong(2));
        }
      }
    }
    List<Way> ways = new ArrayList<>();
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      ways.add(way(c, pool, statement, each.getKey(), each.getValue()));
    }
    return ways;
  }

  private static Way way(Connection c, String pool, byte[] statement, String signature, long hosts)
      throws SQLException {
    if (signature.isEmpty()) {
      return new Way(signature, hosts, List.of(), Map.of(), true);
    }
    List<Example> examples = new ArrayList<>();
    UUID first = null;
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select h.id, h.name, i.id from installation i join host h on h.id = i.host
            where i.drift_signature = ? and h.pool = ? and i.baseline = ? limit ?
            """)) {
      s.setBytes(1, HexFormat.of().parseHex(signature));
      s.setString(2, pool);
      s.setBytes(3, statement);
      s.setInt(4, EXAMPLES);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          examples.add(new Example(r.getString(1), r.getString(2)));
          first = first == null ? r.getObject(3, UUID.class) : first;
        }
      }
    }
    Map<String, Item> items = first == null ? Map.of() : items(c, first);
    return new Way(signature, hosts, examples, items, first != null && items.size() < MOST_ITEMS);
  }

  private static Map<String, Item> items(Connection c, UUID installation) throws SQLException {
    Map<String, Item> items = new TreeMap<>();
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select facet, key_text, kind, expected, actual, owner from deviation
            where installation = ? and end_latest is null
            union all
            select e.facet, e.key_text, e.kind, e.expected, e.actual, e.owner
            from drift_share s join drift_set_entry e on e.set_id = s.set_id
              and e.number <> all(s.without)
            where s.installation = ? and s.end_latest is null
            limit ?
            """)) {
      s.setObject(1, installation);
      s.setObject(2, installation);
      s.setInt(3, MOST_ITEMS);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          TreeSet<String> attributes = new TreeSet<>();
          if (r.getString("kind").equals("changed")) {
            names(r.getString("expected"), attributes);
            names(r.getString("actual"), attributes);
          }
          items.put(
              r.getString("facet") + " " + r.getString("key_text"),
              new Item(
                  r.getString("facet"),
                  r.getString("key_text"),
                  r.getString("kind") + r.getString("actual"),
                  Optional.ofNullable(r.getString("owner")),
                  List.copyOf(attributes)));
        }
      }
    }
    return items;
  }

  private static void names(String json, Set<String> into) throws SQLException {
    try {
      JSON.readTree(json).fieldNames().forEachRemaining(into::add);
    } catch (JsonProcessingException e) {
      throw new SQLException("attributes are no JSON", e);
    }
  }

  private static List<Again> again(Connection c, String pool) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select h.id, h.name, n.life, n.drift_signature = o.drift_signature as same,
              array(select distinct d.facet || ' ' || d.key_text from deviation d
                join deviation e on e.installation = o.id and e.key_id = d.key_id
                where d.installation = n.id and d.end_latest is null order by 1 limit 5) as keys
            from installation n
            join host h on h.id = n.host
            join installation o on o.host = n.host and o.life = n.life - 1
            where n.life > 1 and h.pool = ? and h.retired_at is null
              and n.drift_signature is not null
              and not exists (select from installation l where l.host = n.host and l.life > n.life)
            order by h.name limit ?
            """)) {
      s.setString(1, pool);
      s.setInt(2, MOST_AGAIN);
      try (ResultSet r = s.executeQuery()) {
        List<Again> found = new ArrayList<>();
        while (r.next()) {
          List<String> keys = Arrays.asList((String[]) r.getArray("keys").getArray());
          boolean same = r.getBoolean("same");
          if (same || !keys.isEmpty()) {
            found.add(new Again(r.getString(1), r.getString(2), r.getInt("life"), same, keys));
          }
        }
        found.sort(Comparator.comparing(Again::same).reversed().thenComparing(Again::name));
        return found;
      }
    }
  }

  private static List<TurnView> turns(Connection c, String pool) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select t.id, b.name || ' ' || b.version, t.since, t.turned, t.hosts, t.sentence, t.ended_at
            from pool_turn t join baseline b on b.statement = t.baseline
            where t.pool = ? order by t.ended_at is not null, t.since desc limit ?
            """)) {
      s.setString(1, pool);
      s.setInt(2, MOST_TURNS);
      try (ResultSet r = s.executeQuery()) {
        List<TurnView> turns = new ArrayList<>();
        while (r.next()) {
          turns.add(
              new TurnView(
                  r.getString(1),
                  r.getString(2),
                  r.getTimestamp(3).toInstant(),
                  r.getLong(4),
                  r.getLong(5),
                  r.getString(6),
                  r.getTimestamp(7) == null ? null : r.getTimestamp(7).toInstant()));
        }
        return turns;
      }
    }
  }
}
