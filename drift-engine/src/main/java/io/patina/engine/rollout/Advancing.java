package io.patina.engine.rollout;

import io.patina.engine.database.Schema;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.jboss.logging.Logger;

/** Lets rollouts that were started to go on by themselves do so. Each replica may. */
@Singleton
public class Advancing {

  private static final Logger LOG = Logger.getLogger(Advancing.class);

  private final Rollouts rollouts;
  private final Schema schema;

  Advancing(Rollouts rollouts, Schema schema) {
    this.rollouts = rollouts;
    this.schema = schema;
  }

  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void look() {
    if (!schema.isReady()) {
      return;
    }
    try {
      int waves = rollouts.advanceThoseThatConform();
      if (waves > 0) {
        LOG.infof("rollout-advanced waves=%d", waves);
      }
    } catch (SQLException e) {
      LOG.warnf("rollouts wait for the database: %s", e.getMessage());
    }
  }
}
