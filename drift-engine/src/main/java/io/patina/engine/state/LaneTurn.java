package io.patina.engine.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Takes the turn of a partition's owner, so that what a person decides about an installation counts
 * from its next report on: the owner's fence breaks, and what it had in memory is read again. What
 * it had taken and not written is taken again, under the decision.
 */
public final class LaneTurn {

  private LaneTurn() {}

  /**
   * Waits for the transaction that the owner is in, and ends its turn. To be called before the rows
   * of installations are read or written; in one order, so that two never wait for each other.
   *
   * @param parts partitions of the installations concerned
   */
  public static void take(Connection connection, Collection<Integer> parts) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("update partition_offset set turn = turn + 1 where part = ?")) {
      for (int part : new TreeSet<>(parts)) {
        s.setInt(1, part);
        s.executeUpdate();
      }
    }
  }
}
