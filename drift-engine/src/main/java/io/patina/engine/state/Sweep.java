package io.patina.engine.state;

import io.patina.engine.database.Schema;
import io.patina.engine.database.Transactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jboss.logging.Logger;

/** Takes away what nobody needs any more. Several replicas may do it at once. */
@Singleton
final class Sweep {

  private static final Logger LOG = Logger.getLogger(Sweep.class);

  /** A host that reports under an old incarnation after this long is taken for a new start. */
  private static final List<String> OLD =
      List.of(
          "delete from past_incarnation where superseded_at < now() - interval '90 days'",
          "delete from dead_letter_count where hour < now() - interval '90 days'",
          "delete from knock where last_at < now() - interval '30 days'",
          "delete from admission_grant where expires_at < now() - interval '30 days'",
          "delete from held_notice n using installation i, host h"
              + " where i.id = n.installation and h.id = i.host"
              + " and h.retired_at < now() - interval '90 days'",
          "delete from webhook_delivery where state <> 'pending'"
              + " and recorded_at < now() - interval '30 days'");

  private final Transactions transactions;
  private final Schema schema;
  private final StateConfig config;

  Sweep(Transactions transactions, Schema schema, StateConfig config) {
    this.transactions = transactions;
    this.schema = schema;
    this.config = config;
  }

  @Scheduled(every = "15m", delayed = "1m")
  void sweep() {
    if (!schema.isReady()) {
      return;
    }
    try {
      int manifests = transactions.run(c -> ManifestTable.sweep(c, config.manifestRetention()));
      transactions.perform(Sweep::old);
      if (manifests > 0) {
        LOG.infof("swept manifests=%d", manifests);
      }
    } catch (SQLException e) {
      LOG.warnf("the sweep waits for its next turn: %s", e.getMessage());
    }
  }

  private static void old(Connection connection) throws SQLException {
    for (String statement : OLD) {
      try (PreparedStatement s = connection.prepareStatement(statement)) {
        s.executeUpdate();
      }
    }
  }
}
