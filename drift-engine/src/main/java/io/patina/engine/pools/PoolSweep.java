package io.patina.engine.pools;

import io.patina.engine.database.Schema;
import io.patina.engine.database.Transactions;
import io.patina.engine.deviations.ShareTable;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.jboss.logging.Logger;

/** Takes away turns and sets that nobody needs any more. Several replicas may do it at once. */
@Singleton
final class PoolSweep {

  private static final Logger LOG = Logger.getLogger(PoolSweep.class);

  private final Transactions transactions;
  private final Schema schema;

  PoolSweep(Transactions transactions, Schema schema) {
    this.transactions = transactions;
    this.schema = schema;
  }

  @Scheduled(every = "15m", delayed = "2m")
  void sweep() {
    if (!schema.isReady()) {
      return;
    }
    try {
      transactions.perform(Turns::sweep);
      int sets = transactions.run(ShareTable::sweep);
      if (sets > 0) {
        LOG.infof("swept sets=%d", sets);
      }
    } catch (SQLException e) {
      LOG.warnf("the sweep of pools waits for its next turn: %s", e.getMessage());
    }
  }
}
