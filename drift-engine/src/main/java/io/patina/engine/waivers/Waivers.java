package io.patina.engine.waivers;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.audit.Entry;
import io.patina.engine.database.Transactions;
import io.patina.engine.decisions.DecisionTable;
import io.patina.engine.decisions.Extent;
import io.patina.engine.decisions.Keeping;
import io.patina.engine.life.FourEyes;
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
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes waivers from step to step. */
@Singleton
public class Waivers {

  /** Longest time of one, in days. */
  public static final int MOST_DAYS = 180;

  /** Most that are listed. */
  public static final int MOST = 1000;

  private final Transactions transactions;
  private final WaiverConfig config;
  private final Clock clock;

  /**
   * @throws IllegalArgumentException if the configured time is none
   */
  public Waivers(Transactions transactions, WaiverConfig config, Clock clock) {
    this.transactions = transactions;
    this.config = config;
    this.clock = clock;
    if (config.days() < 1 || config.days() > MOST_DAYS) {
      throw new IllegalArgumentException("patina.waivers.days is 1 to " + MOST_DAYS);
    }
  }

  /**
   * What somebody asks for.
   *
   * @param days how long, 1 to 180; null for the usual time
   */
  public record Wish(
      Pattern pattern,
      Extent extent,
      String reason,
      String ticket,
      String owner,
      @Nullable Integer days) {}

  /** Asks for one. It changes nothing before somebody else has approved it. */
  public Waiver grant(Wish wish, By by) throws SQLException {
    Integer given = wish.days();
    int days = given == null ? config.days() : given;
    if (days < 1 || days > MOST_DAYS) {
      throw bad("days is 1 to " + MOST_DAYS + ".");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Duration time = Duration.ofDays(days);
    Duration soon =
        config.soon().compareTo(time.dividedBy(2)) < 0 ? config.soon() : time.dividedBy(2);
    Waiver w =
        new Waiver(
            UUID.randomUUID(),
            wish.pattern(),
            wish.extent(),
            wish.reason(),
            wish.ticket(),
            wish.owner().isEmpty() ? by.subject() : wish.owner(),
            by.subject(),
            now,
            now.plus(time),
            now.plus(time).minus(soon),
            Optional.empty(),
            Optional.empty());
    return transactions.run(
        c -> {
          UUID host = w.extent().host().orElse(null);
          if (host != null && !DecisionTable.isHost(c, host)) {
            throw new ProblemException(Problem.notFound("No host has this id."));
          }
          WaiverTable.insert(c, w, DecisionTable.next(c));
          keep(c, w, by, "requested", w.reason(), now);
          return w;
        });
  }

  /**
   * Puts one into force.
   *
   * @throws ProblemException 403 for its owner and for whoever asked for it, 409 if it does not
   *     wait for approval
   */
  public Waiver approve(UUID id, By by, String reason) throws SQLException {
    Instant now = clock.instant();
    return transactions.run(
        c -> {
          long revision = DecisionTable.next(c);
          Waiver w = known(c, id);
          if (w.state(now) != Waiver.State.REQUESTED) {
            throw conflict(w, now);
          }
          if (FourEyes.same(w.owner(), Optional.of(w.requestedBy()), by.subject())) {
            throw new ProblemException(
                Problem.forbidden(
                    by.subject()
                        + " owns this waiver or asked for it. Somebody else approves it."));
          }
          WaiverTable.approve(c, id, by.subject(), now, revision);
          keep(c, w, by, "approved", reason, now);
          return known(c, id);
        });
  }

  /**
   * Ends one before its time, or withdraws it.
   *
   * @throws ProblemException 409 if it is over
   */
  public Waiver revoke(UUID id, By by, String reason) throws SQLException {
    Instant now = clock.instant();
    return transactions.run(
        c -> {
          long revision = DecisionTable.next(c);
          Waiver w = known(c, id);
          Waiver.State state = w.state(now);
          if (state == Waiver.State.REVOKED || state == Waiver.State.EXPIRED) {
            throw conflict(w, now);
          }
          WaiverTable.revoke(c, id, new Waiver.Step(by.subject(), now, reason), revision);
          keep(c, w, by, "revoked", reason, now);
          return known(c, id);
        });
  }

  /**
   * Those that are not over, the first to end first; or all, the last to end first; 1000 at most.
   */
  public List<Waiver> list(boolean all) throws SQLException {
    return transactions.run(c -> WaiverTable.list(c, clock.instant(), all, MOST));
  }

  /** One; empty if there is none of that id. */
  Optional<Waiver> find(UUID id) throws SQLException {
    return transactions.run(c -> WaiverTable.find(c, id));
  }

  /** What people did with one, oldest first. */
  List<Entry> history(UUID id) throws SQLException {
    return transactions.run(c -> AuditTable.of(c, thing(id), MOST));
  }

  /** The moment that states are told of. */
  public Instant now() {
    return clock.instant();
  }

  private static Waiver known(Connection c, UUID id) throws SQLException {
    return WaiverTable.find(c, id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("No waiver has this id.")));
  }

  private static ProblemException conflict(Waiver w, Instant now) {
    return new ProblemException(Problem.conflict("It is " + w.state(now).wireName() + "."));
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }

  private static String thing(UUID id) {
    return "waiver " + id;
  }

  private static void keep(Connection c, Waiver w, By by, String action, String why, Instant at)
      throws SQLException {
    Map<String, String> data = new TreeMap<>();
    data.put("pattern", w.pattern().text());
    data.put("hosts", w.extent().text());
    data.put("owner", w.owner());
    data.put("ticket", w.ticket());
    data.put("expires", w.expiresAt().toString());
    w.pattern().expected().ifPresent(d -> data.put("expected", d));
    w.pattern().actual().ifPresent(d -> data.put("actual", d));
    Keeping.append(c, new Decision(by, "waiver." + action, thing(w.id()), why, data), w.id(), at);
  }
}
