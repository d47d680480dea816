package io.patina.engine.maintenance;

import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.engine.decisions.DecisionTable;
import io.patina.engine.decisions.Extent;
import io.patina.engine.decisions.Keeping;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Begins maintenances and ends them. */
@Singleton
public class Maintenances {

  /** Longest time of one. */
  private static final Duration LONGEST = Duration.ofDays(30);

  private static final int MOST = 1000;

  private final Transactions transactions;
  private final Clock clock;

  public Maintenances(Transactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Begins one, at once.
   *
   * @param until within 30 days
   * @throws ProblemException 400 if it ends in the past or too late, 404 if there is no such host
   */
  public Maintenance begin(Extent extent, Instant until, String reason, String ticket, By by)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
      throw new ProblemException(
          Problem.badRequest("until lies ahead, within " + LONGEST.toDays() + " days."));
    }
    Maintenance m =
        new Maintenance(
            UUID.randomUUID(),
            extent,
            reason,
            ticket,
            by.subject(),
            now,
            until.truncatedTo(ChronoUnit.MICROS),
            Optional.empty());
    return transactions.run(
        c -> {
          UUID host = extent.host().orElse(null);
          if (host != null && !DecisionTable.isHost(c, host)) {
            throw new ProblemException(Problem.notFound("No host has this id."));
          }
          MaintenanceTable.insert(c, m, DecisionTable.next(c));
          keep(c, m, by, "begun", reason, now);
          return m;
        });
  }

  /**
   * Ends one before its time.
   *
   * @throws ProblemException 404 if there is none, 409 if it is over
   */
  public Maintenance end(UUID id, By by, String reason) throws SQLException {
    Instant now = clock.instant();
    return transactions.run(
        c -> {
          long revision = DecisionTable.next(c);
          Maintenance m = known(c, id);
          if (!m.lasts(now)) {
            throw new ProblemException(Problem.conflict("It is over."));
          }
          MaintenanceTable.end(c, id, new Maintenance.Ended(by.subject(), now), revision);
          keep(c, m, by, "ended", reason, now);
          return known(c, id);
        });
  }

  /** Those that last, the first to end first; or all, the last to begin first; 1000 at most. */
  public List<Maintenance> list(boolean all) throws SQLException {
    return transactions.run(
        c -> all ? MaintenanceTable.all(c, MOST) : MaintenanceTable.lasting(c, clock.instant()));
  }

  /** The moment that states are told of. */
  Instant now() {
    return clock.instant();
  }

  private static Maintenance known(Connection c, UUID id) throws SQLException {
    return MaintenanceTable.find(c, id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("No maintenance has this id.")));
  }

  private static void keep(
      Connection c, Maintenance m, By by, String action, String why, Instant at)
      throws SQLException {
    Keeping.append(
        c,
        new Decision(
            by,
            "maintenance." + action,
            "maintenance " + m.id(),
            why,
            Map.of(
                "hosts", m.extent().text(), "until", m.until().toString(), "ticket", m.ticket())),
        m.id(),
        at);
  }
}
