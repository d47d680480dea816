package io.patina.engine.ingest;

import io.patina.engine.database.Transactions;
import io.patina.engine.ingest.Lane.FenceLost;
import io.patina.engine.pools.Turns;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Hosts of a pool that turned together follow it, and its end; under the fence of their lane. */
@Singleton
public final class TurnTimers {

  /** Hosts in one transaction. */
  private static final int BATCH = 200;

  private final Transactions transactions;
  private final Slices slices;
  private final Judging judging;
  private final Clock clock;

  public TurnTimers(Transactions transactions, Slices slices, Judging judging, Clock clock) {
    this.clock = clock;
    this.transactions = transactions;
    this.slices = slices;
    this.judging = judging;
  }

  /**
   * Judges hosts whose recommendation is not what it has to be since their pool turned.
   *
   * @return whether more of them may be behind
   */
  public boolean follow(Lane lane, Slice slice) throws SQLException, FenceLost {
    List<UUID> behind = transactions.run(c -> Turns.behind(c, lane.part(), BATCH));
    if (behind.isEmpty()) {
      return false;
    }
    slices.run(
        lane,
        lane.position(),
        work -> {
          slices.load(lane, work, behind);
          for (UUID id : behind) {
            Optional<Host> host = slices.host(lane, work, id);
            if (host.isPresent()) {
              judging.judge(host.get(), work, true);
            }
            if (slice.isOver()) {
              break;
            }
          }
        });
    return true;
  }

  /** Ends the turns that are over, and finds those that were missed. Any replica may do it. */
  public void end() throws SQLException {
    transactions.perform(
        c -> Turns.read(c).end(judging.turns(), clock.instant(), slices.callsWebhooks()));
  }
}
