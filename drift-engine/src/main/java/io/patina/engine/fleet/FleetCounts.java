package io.patina.engine.fleet;

import io.patina.verdict.Verdict;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Reads how many hosts have which verdict. The counters are kept by ingest, in the transaction that
 * changes a verdict, so that this costs the same for one host and for a million.
 */
@Singleton
public class FleetCounts {

  private final DataSource database;

  public FleetCounts(DataSource database) {
    this.database = database;
  }

  /** Hosts of one verdict, pool and baseline name (empty: none). */
  public record Count(String verdict, String pool, String baseline, long hosts) {}

  /**
   * The fleet at a glance.
   *
   * @param hosts those that are in service
   * @param retired those that are not; they are in no other figure
   * @param pools by name, in each every verdict that occurs
   * @param unapproved hosts whose key was only pinned: in no pool, and in no other figure here
   */
  public record Fleet(
      long hosts, long retired, Map<String, Long> verdicts, List<Pool> pools, long unapproved) {}

  private static final String RETIRED = "retired";

  /** One pool. */
  public record Pool(String name, long hosts, Map<String, Long> verdicts) {}

  /**
   * All counters, summed over partitions; none is zero. An empty pool: nobody has approved them.
   */
  public List<Count> counts() throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                select verdict, pool, baseline, sum(hosts)::bigint as hosts
                from fleet_count
                group by verdict, pool, baseline
                having sum(hosts) > 0
                order by pool, verdict, baseline
                """);
        ResultSet r = s.executeQuery()) {
      List<Count> counts = new ArrayList<>();
      while (r.next()) {
        counts.add(
            new Count(
                r.getString("verdict"),
                r.getString("pool"),
                r.getString("baseline"),
                r.getLong("hosts")));
      }
      return counts;
    }
  }

  /** The fleet at a glance. */
  public Fleet fleet() throws SQLException {
    Map<String, Long> verdicts = new LinkedHashMap<>();
    for (Verdict v : Verdict.values()) {
      verdicts.put(v.wireName(), 0L);
    }
    Map<String, Map<String, Long>> pools = new TreeMap<>();
    long retired = 0;
    long unapproved = 0;
    for (Count c : counts()) {
      if (c.verdict().equals(RETIRED)) {
        retired += c.hosts();
        continue;
      }
      if (c.pool().isEmpty()) {
        unapproved += c.hosts();
        continue;
      }
      verdicts.merge(c.verdict(), c.hosts(), Long::sum);
      pools
          .computeIfAbsent(c.pool(), p -> new TreeMap<>())
          .merge(c.verdict(), c.hosts(), Long::sum);
    }
    return new Fleet(
        sum(verdicts),
        retired,
        verdicts,
        pools.entrySet().stream()
            .map(p -> new Pool(p.getKey(), sum(p.getValue()), p.getValue()))
            .toList(),
        unapproved);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
