package io.patina.engine.reading;

import io.patina.engine.database.Transactions;
import io.patina.engine.ingest.Lane;
import io.patina.engine.ingest.Lane.FenceLost;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Finds out where a lane goes on. */
@Singleton
public final class Positions {

  private static final Logger LOG = Logger.getLogger(Positions.class);

  private final Transactions transactions;

  public Positions(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Reads where a lane is. If retention has removed records that were not read, the loss is written
   * down, every host of the partition is out of sync, and the lane goes on where the log begins.
   *
   * @param beginning first offset that the log still has
   * @param end the offset after its last
   * @return why the lane cannot go on, if it cannot
   */
  Optional<String> find(Lane lane, long beginning, long end) throws SQLException, FenceLost {
    transactions.perform(
        connection -> {
          lane.read(connection);
        });
    long next = lane.position();
    if (next > end) {
      lane.drop();
      return Optional.of(
          String.format(
              "partition %d ends at %d and was read to %d before: the broker has lost records that"
                  + " were taken",
              lane.part(), end, next));
    }
    if (next < beginning) {
      LOG.errorf(
          "partition %d: records %d to %d were removed by retention before they were read",
          lane.part(), next, beginning - 1);
      lost(lane, next, beginning);
    }
    return Optional.empty();
  }

  private void lost(Lane lane, long from, long to) throws SQLException, FenceLost {
    boolean held =
        transactions.run(
            connection -> {
              try {
                lane.fence(connection, to);
              } catch (FenceLost e) {
                return false;
              }
              LossIntervals.insert(connection, lane, from, to);
              LossIntervals.outOfSync(
                  connection,
                  lane.part(),
                  "reports were removed by retention before they were read");
              return true;
            });
    lane.drop();
    if (!held) {
      throw new FenceLost(lane.part());
    }
    transactions.perform(
        connection -> {
          lane.read(connection);
        });
  }
}
