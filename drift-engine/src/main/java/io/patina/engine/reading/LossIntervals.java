package io.patina.engine.reading;

import io.patina.engine.ingest.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** SQL of what was lost before it was read. */
final class LossIntervals {

  private LossIntervals() {}

  /** Records that these offsets of a lane were removed by retention; {@code to} is exclusive. */
  static void insert(Connection connection, Lane lane, long from, long to) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into loss_interval (topic_id, part, from_offset, to_offset)
            values (?, ?, ?, ?) on conflict do nothing
            """)) {
      s.setString(1, lane.topicId());
      s.setInt(2, lane.part());
      s.setLong(3, from);
      s.setLong(4, to);
      s.executeUpdate();
    }
  }

  /**
   * Puts every host of a partition out of sync until it is proven again.
   *
   * @param part -1 for every partition
   */
  static void outOfSync(Connection connection, int part, String reason) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update installation set sync = 'out-of-sync', sync_since = now(), sync_reason = ?,
              judge_at = now()
            where sync = 'proven' and (part = ? or ? = -1)
            """)) {
      s.setString(1, reason);
      s.setInt(2, part);
      s.setInt(3, part);
      s.executeUpdate();
    }
  }
}
