package io.patina.engine.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;

/**
 * A time of which only the result is known: its reports were lost on the host.
 *
 * @param from host's clock, when the first lost report was made
 * @param to host's clock, when the snapshot was made that says so
 */
public record LostResolution(
    UUID installation, Instant from, Instant to, long reports, Instant observedAt) {

  /** Keeps it; told a second time it stays as it is. */
  public void insert(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into lost_resolution (installation, from_at, to_at, reports, observed_at)
            values (?, ?, ?, ?, ?) on conflict do nothing
            """)) {
      s.setObject(1, installation);
      s.setTimestamp(2, Timestamp.from(from));
      s.setTimestamp(3, Timestamp.from(to));
      s.setLong(4, reports);
      s.setTimestamp(5, Timestamp.from(observedAt));
      s.executeUpdate();
    }
  }
}
