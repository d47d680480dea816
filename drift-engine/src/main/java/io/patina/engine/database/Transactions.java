package io.patina.engine.database;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs work in one database transaction over plain JDBC. Safe for threads. */
@Singleton
public final class Transactions {

  /** What is done within a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final DataSource database;

  public Transactions(DataSource database) {
    this.database = database;
  }

  /**
   * Runs the work and commits; rolls back if it throws.
   *
   * @throws SQLException if the database is away or refuses; nothing is written then
   */
  public <T> T run(Work<T> work) throws SQLException {
    return end(work, true);
  }

  /** What is done within a transaction that has no answer. */
  @FunctionalInterface
  public interface Action {
    void on(Connection connection) throws SQLException;
  }

  /** Does something and commits; rolls back if it throws. */
  public void perform(Action action) throws SQLException {
    var unused = end(answering(action), true);
  }

  /** Does something and rolls back: to learn whether it would succeed. */
  public void tryOut(Action action) throws SQLException {
    var unused = end(answering(action), false);
  }

  private static Work<Boolean> answering(Action action) {
    return connection -> {
      action.on(connection);
      return true;
    };
  }

  private <T> T end(Work<T> work, boolean commit) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      boolean done = false;
      try {
        T result = work.on(connection);
        if (commit) {
          connection.commit();
          done = true;
        }
        return result;
      } finally {
        if (!done) {
          rollBack(connection);
        }
        connection.setAutoCommit(true);
      }
    }
  }

  /** A connection that cannot roll back is broken: the server has rolled back by itself. */
  private static void rollBack(Connection connection) throws SQLException {
    if (!connection.isClosed()) {
      connection.rollback();
    }
  }
}
