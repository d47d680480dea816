package io.patina.engine.database;

import java.sql.SQLException;

/** What a failed statement says: the data was wrong, or the database is not there. */
public final class SqlFailure {

  private SqlFailure() {}

  /**
   * Whether the data caused it, so that the same rows would fail again: SQLSTATE class 22 (data
   * exception), 23 (constraint) or 54 (program limit). Everything else may pass by waiting.
   */
  public static boolean isData(SQLException e) {
    for (SQLException each = e; each != null; each = each.getNextException()) {
      String state = each.getSQLState();
      if (state != null
          && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"))) {
        return true;
      }
    }
    return false;
  }
}
