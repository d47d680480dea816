package io.patina.engine.rollout;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.engine.life.Life;
import io.patina.engine.life.Step;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Starts rollouts and takes their steps. */
@Singleton
public class Rollouts {

  private final Transactions transactions;
  private final Life life;
  private final Clock clock;

  public Rollouts(Transactions transactions, Life life, Clock clock) {
    this.transactions = transactions;
    this.life = life;
    this.clock = clock;
  }

  /** How a step ended. */
  public sealed interface Outcome {}

  /** It was taken. */
  public record Done() implements Outcome {}

  /** The baseline is not where that step leads from. */
  public record Refused(Life.Outcome why, Step step) implements Outcome {}

  /** The rollout is not where that step leads from, in words. */
  public record NotNow(String why) implements Outcome {}

  /** A step of a rollout that goes on. */
  public enum Turn {
    ADVANCE,
    PAUSE,
    RESUME,
    ROLLBACK,
    FINISH
  }

  /** Begins to roll out an approved baseline: its first wave is reached at once. */
  public Outcome start(String name, String version, Plan plan, By by, String why)
      throws SQLException {
    return transactions.run(
        c -> {
          Life.Outcome moved = life.take(c, name, version, wish(Step.ROLL_OUT, by, why));
          if (!(moved instanceof Life.Done)) {
            return new Refused(moved, Step.ROLL_OUT);
          }
          UUID id = UUID.randomUUID();
          Instant now = clock.instant();
          RolloutTable.insert(c, id, name, version, plan, by.subject(), now);
          reach(c, id, name, version, plan.waves().getFirst(), now, by, why);
          return new Done();
        });
  }

  /** Takes a step of a rollout that goes on. */
  public Outcome take(Turn turn, String name, String version, By by, String why)
      throws SQLException {
    return transactions.run(
        c -> {
          Optional<Step> moves =
              switch (turn) {
                case ROLLBACK -> Optional.of(Step.ROLL_BACK);
                case FINISH -> Optional.of(Step.FINISH);
                case ADVANCE, PAUSE, RESUME -> Optional.empty();
              };
          if (moves.isPresent()) {
            Life.Outcome moved = life.take(c, name, version, wish(moves.get(), by, why));
            if (!(moved instanceof Life.Done)) {
              return new Refused(moved, moves.get());
            }
          } else {
            Life.lock(c);
          }
          Optional<Rollout> rollout =
              RolloutTable.latest(c, name, version).filter(r -> r.state().goesOn());
          return rollout.isEmpty()
              ? new NotNow("No rollout of it goes on.")
              : take(c, turn, rollout.get(), by, why);
        });
  }

  private Outcome take(Connection c, Turn turn, Rollout r, By by, String why) throws SQLException {
    Instant now = clock.instant();
    switch (turn) {
      case ADVANCE -> {
        if (r.isPaused()) {
          return new NotNow("It is paused. Resume it first.");
        }
        if (r.reached() == r.waves().size()) {
          return new NotNow("All its waves are reached. Finish it, and it is active.");
        }
        reach(c, r.id(), r.name(), r.toVersion(), r.wave(r.reached() + 1), now, by, why);
        return new Done();
      }
      case PAUSE -> {
        if (r.isPaused()) {
          return new NotNow("It is paused already.");
        }
        RolloutTable.pause(c, r.id(), now);
        audit(c, r, "rollout-paused", by, why);
      }
      case RESUME -> {
        if (!r.isPaused()) {
          return new NotNow("It is not paused.");
        }
        RolloutTable.resume(c, r.id(), now);
        audit(c, r, "rollout-resumed", by, why);
      }
      case ROLLBACK -> RolloutTable.end(c, r.id(), Rollout.State.ROLLED_BACK, now);
      case FINISH -> RolloutTable.end(c, r.id(), Rollout.State.FINISHED, now);
    }
    RolloutTable.revise(c, r.id());
    return new Done();
  }

  /**
   * Takes the next wave of each rollout that was started to go on by itself, where all hosts of the
   * waves that are reached are as the new version says. A wave without a host proves nothing: the
   * next one waits for a person.
   *
   * @return how many waves were reached
   */
  public int advanceThoseThatConform() throws SQLException {
    int advanced = 0;
    for (Rollout seen : transactions.run(RolloutTable::goingOn)) {
      if (seen.byItself() && !seen.isPaused() && seen.reached() < seen.waves().size()) {
        advanced += transactions.run(c -> advanceIfItConforms(c, seen)) ? 1 : 0;
      }
    }
    return advanced;
  }

  private boolean advanceIfItConforms(Connection c, Rollout seen) throws SQLException {
    // Before the lock: ingest reads the catalogue all the time, and this may take a while.
    if (!conforms(c, seen)) {
      return false;
    }
    Life.lock(c);
    Optional<Rollout> now = RolloutTable.latest(c, seen.name(), seen.toVersion());
    // Somebody was quicker: another replica, or a person.
    if (now.isEmpty() || now.get().revision() != seen.revision()) {
      return false;
    }
    By by = new By("rollout", "rollout");
    String why = "wave " + seen.reached() + " conforms";
    return take(c, Turn.ADVANCE, now.get(), by, why) instanceof Done;
  }

  private static boolean conforms(Connection c, Rollout r) throws SQLException {
    if (Progress.someAreBehind(c, r.revision())) {
      return false;
    }
    Map<Integer, Progress> progress = Progress.of(c, r.id());
    for (int wave = 1; wave < r.reached(); wave++) {
      Progress before = progress.getOrDefault(wave, Progress.NONE);
      if (before.hosts() > 0 && !before.conforms()) {
        return false;
      }
    }
    return progress.getOrDefault(r.reached(), Progress.NONE).conforms();
  }

  private static void reach(
      Connection c, UUID id, String name, String version, Wave w, Instant at, By by, String why)
      throws SQLException {
    RolloutTable.reach(c, id, w.number(), at);
    RolloutTable.revise(c, id);
    Map<String, String> data = new TreeMap<>();
    data.put("wave", String.valueOf(w.number()));
    w.percent().ifPresent(p -> data.put("percent", String.valueOf(p)));
    w.labels().forEach((k, v) -> data.put("label:" + k, v));
    data.put("deadline", at.plus(w.within()).toString());
    AuditTable.append(
        c, new Decision(by, "baseline.wave-reached", Life.thing(name, version), why, data));
  }

  private static void audit(Connection c, Rollout r, String action, By by, String why)
      throws SQLException {
    AuditTable.append(
        c,
        new Decision(
            by,
            "baseline." + action,
            Life.thing(r.name(), r.toVersion()),
            why,
            Map.of("wave", String.valueOf(r.reached()))));
  }

  private static Life.Wish wish(Step step, By by, String why) {
    return new Life.Wish(step, by, why, Optional.empty());
  }

  /** How the latest rollout of a baseline stands; empty if there is none. */
  public Optional<RolloutView> of(String name, String version) throws SQLException {
    return transactions.run(
        c -> {
          Optional<Rollout> rollout = RolloutTable.latest(c, name, version);
          return rollout.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  RolloutView.of(
                      rollout.get(), Progress.of(c, rollout.get().id()), clock.instant()));
        });
  }
}
