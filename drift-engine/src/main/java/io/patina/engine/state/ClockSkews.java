package io.patina.engine.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/** SQL of how far the clocks of hosts are from the broker's. */
public final class ClockSkews {

  private ClockSkews() {}

  /** Writes what is known of these installations. */
  public static void write(Connection connection, Collection<Installation> installations)
      throws SQLException {
    if (installations.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement("update installation set skew_ms = ? where id = ?")) {
      for (Installation i : installations) {
        s.setObject(1, i.skewMillis());
        s.setObject(2, i.id());
        s.addBatch();
      }
      s.executeBatch();
    }
  }
}
