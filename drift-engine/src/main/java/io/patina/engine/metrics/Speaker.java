package io.patina.engine.metrics;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether this replica speaks for the fleet: it holds an advisory lock of PostgreSQL on a
 * connection of its own. The lock ends with the connection, so a replica that dies, hangs or loses
 * the database is replaced at the next scrape of another one. It must be a session: a pooler that
 * gives a connection per transaction cannot stand between.
 */
@Singleton
class Speaker {

  private static final Logger LOG = Logger.getLogger(Speaker.class);

  /** Names the lock; "patina" and 1 in ASCII. */
  private static final long LOCK = 0x706174696e610001L;

  private static final int CHECK_SECONDS = 2;

  private final DataSource database;
  private @Nullable Connection holding;

  Speaker(DataSource database) {
    this.database = database;
  }

  /** Whether this replica speaks now; tries to become the speaker if none does. */
  synchronized boolean speaks() throws SQLException {
    if (holding != null) {
      if (holding.isValid(CHECK_SECONDS)) {
        return true;
      }
      LOG.warn("speaker-lost reason=connection");
      release();
    }
    Connection candidate = database.getConnection();
    boolean holds = false;
    try (PreparedStatement s = candidate.prepareStatement("select pg_try_advisory_lock(?)")) {
      s.setLong(1, LOCK);
      try (ResultSet r = s.executeQuery()) {
        holds = r.next() && r.getBoolean(1);
      }
    } finally {
      if (holds) {
        holding = candidate;
        LOG.info("speaker-gained");
      } else {
        candidate.close();
      }
    }
    return holds;
  }

  /** Gives the lock back, for another replica to take. */
  @PreDestroy
  synchronized void release() {
    Connection held = holding;
    holding = null;
    if (held == null) {
      return;
    }
    try (held;
        PreparedStatement s = held.prepareStatement("select pg_advisory_unlock(?)")) {
      s.setLong(1, LOCK);
      s.execute();
    } catch (SQLException e) {
      // The connection is gone, and the lock with it.
      LOG.debugf("speaker-released reason=%s", e.getMessage());
    }
  }
}
