package io.patina.engine.pools;

import com.google.protobuf.ByteString;
import io.patina.engine.state.Installation;
import io.patina.fingerprint.Fingerprint;
import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Changes in the number of hosts by pool, baseline and drift signature within one transaction of
 * one partition. Not safe for use by several threads.
 */
public final class PoolCounts {

  /**
   * Where a host is counted.
   *
   * @param baseline statement; empty: none
   * @param signature drift signature; empty: nothing differs
   */
  public record Place(String pool, ByteString baseline, ByteString signature)
      implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::pool)
            .thenComparing(Place::baseline, ByteString.unsignedLexicographicalComparator())
            .thenComparing(Place::signature, ByteString.unsignedLexicographicalComparator());

    /**
     * Where this installation is to be counted; empty if it is retired, if its host has a later
     * life, or if nobody has approved it.
     */
    public static Optional<Place> of(Installation i) {
      return of(i, i.pool());
    }

    /** Where the table has it, for one that is as its row is. */
    public static Optional<Place> ofRow(Installation i) {
      return of(i, i.countedPool());
    }

    private static Optional<Place> of(Installation i, String pool) {
      if (i.isRetired() || i.hasEnded() || pool.isEmpty()) {
        return Optional.empty();
      }
      Digest baseline = i.compared().baseline();
      Fingerprint signature = i.compared().signature();
      return Optional.of(
          new Place(
              pool,
              baseline == null ? ByteString.EMPTY : baseline.bytes(),
              signature == null ? ByteString.EMPTY : signature.bytes()));
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
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
    changes.values().removeIf(n -> n == 0);
    if (changes.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
            connection.prepareStatement(
                """
                insert into pool_count as c (pool, baseline, signature, part, hosts)
                values (?, ?, ?, ?, ?) on conflict (pool, baseline, signature, part)
                do update set hosts = c.hosts + excluded.hosts
                """);
        PreparedStatement empty =
            connection.prepareStatement(
                """
                delete from pool_count where pool = ? and baseline = ? and signature = ?
                and part = ? and hosts = 0
                """)) {
      boolean left = false;
      for (Map.Entry<Place, Long> each : new TreeMap<>(changes).entrySet()) {
        place(s, each.getKey(), part);
        s.setLong(5, each.getValue());
        s.addBatch();
        if (each.getValue() < 0) {
          place(empty, each.getKey(), part);
          empty.addBatch();
          left = true;
        }
      }
      s.executeBatch();
      if (left) {
        empty.executeBatch();
      }
    }
  }

  private static void place(PreparedStatement s, Place place, int part) throws SQLException {
    s.setString(1, place.pool());
    s.setBytes(2, place.baseline().toByteArray());
    s.setBytes(3, place.signature().toByteArray());
    s.setInt(4, part);
  }
}
