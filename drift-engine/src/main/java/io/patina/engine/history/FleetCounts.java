package io.patina.engine.history;

import io.patina.engine.state.Installation;
import io.patina.verdict.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Changes in the number of hosts by verdict, pool and baseline within one transaction of one
 * partition. Not safe for use by several threads.
 */
public final class FleetCounts {

  /** Where a host is counted. */
  public record Place(String verdict, String pool, String baseline) implements Comparable<Place> {

    /** Where this installation is to be counted; empty if its host has a later life. */
    public static Optional<Place> of(Installation i) {
      return of(i, i.pool());
    }

    /** Where the table has it, for one that is as its row is. */
    public static Optional<Place> ofRow(Installation i) {
      return of(i, i.countedPool());
    }

    private static Optional<Place> of(Installation i, String pool) {
      Verdict verdict = i.standing().verdict();
      return i.hasEnded()
          ? Optional.empty()
          : Optional.of(
              new Place(
                  i.isRetired() ? "retired" : verdict.wireName(),
                  pool,
                  i.compared().baselineName()));
    }

    @Override
    public int compareTo(Place other) {
      return toString().compareTo(other.toString());
    }
  }

  private final Map<Place, Long> changes = new HashMap<>();

  public void enter(Place place) {
    changes.merge(place, 1L, Long::sum);
  }

  public void leave(Place place) {
    changes.merge(place, -1L, Long::sum);
  }

  /** Adds the changes to the table's figures. */
  public void write(Connection connection, int part) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into fleet_count (part, verdict, pool, baseline, hosts) values (?, ?, ?, ?, ?)
            on conflict (part, verdict, pool, baseline)
              do update set hosts = fleet_count.hosts + excluded.hosts
            """)) {
      boolean any = false;
      for (Map.Entry<Place, Long> each : new TreeMap<>(changes).entrySet()) {
        if (each.getValue() != 0) {
          s.setInt(1, part);
          s.setString(2, each.getKey().verdict());
          s.setString(3, each.getKey().pool());
          s.setString(4, each.getKey().baseline());
          s.setLong(5, each.getValue());
          s.addBatch();
          any = true;
        }
      }
      if (any) {
        s.executeBatch();
      }
    }
  }
}
