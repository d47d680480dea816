package io.patina.engine.ingest;

import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Policies;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.inforce.InForce;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.judge.Case;
import io.patina.engine.judge.Judge;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.Judgement;
import io.patina.engine.judge.Waiving;
import io.patina.engine.pools.Turn;
import io.patina.engine.pools.TurnRules;
import io.patina.engine.state.Barred;
import io.patina.engine.state.Breakdown;
import io.patina.engine.state.Installation;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings cases before the judge and writes down the answers. */
@Singleton
public final class Judging {

  private final Judge judge;
  private final JudgeConfig config;
  private final Comparing comparing;
  private final InForceReader decided;
  private final Policies policies = new Policies();
  private final TurnRules turns;

  public Judging(Judge judge, JudgeConfig config, Comparing comparing, InForceReader decided) {
    this.decided = decided;
    this.judge = judge;
    this.config = config;
    this.comparing = comparing;
    this.turns = new TurnRules(config.turnShare(), config.turnHosts(), config.turnWithin());
  }

  /** When a pool has turned. */
  TurnRules turns() {
    return turns;
  }

  /**
   * Judges a host whose reports of this slice have all been applied. While late ones come in, the
   * verdict waits: it is about the state after the backlog.
   *
   * @param byTime time alone asks, not a report
   */
  void judge(Host host, SliceWork work, boolean byTime) throws SQLException {
    Installation i = host.installation();
    Standing before = i.standing();
    if (i.isRetired()) {
      host.judged();
      work.touch(host);
      i.standing(again(before, null));
      return;
    }
    if (byTime) {
      // What it was held against may be in force no more: its own turn to follow may come later.
      comparing.follow(host, work);
    }
    boolean late = !byTime && isLate(host, config, work.now());
    host.judged();
    work.touch(host);
    if (late) {
      i.standing(waiting(before, config, work.now()));
      return;
    }
    if (byTime) {
      comparing.explain(host, work);
      comparing.calm(host, work);
    }
    Optional<Baseline> baseline = Comparing.baseline(i, work);
    Deviations deviations = comparing.open(host, work);
    InForce inForce = work.decided(decided);
    Case whole =
        new Case(
            before,
            i.sync(),
            i.conflict(),
            i.isSilent(),
            i.contact().lastSeen(),
            baseline.flatMap(b -> policies.of(b.golden())),
            i.assignedLabels(),
            deviations.open(),
            deviations.unproven(),
            i.transit(),
            i.image().unknown()
                ? Optional.of(
                    new Case.UnknownImage(
                        i.image().name(), work.catalogue().images().waitingFor(i.image().name())))
                : Optional.empty());
    Waiving waiving = Waiving.of(whole, Telling.waivers(i, inForce, work.now()), work.now());
    Case theCase = waiving.theCase();
    Judgement j =
        i.barred().isPresent()
            ? barred(i.barred().get())
            : Restlessness.remarked(
                Turn.suspecting(
                    waiving.tell(judge.judge(theCase, work.now())),
                    // Of what cannot be proven nothing is recommended but to wait.
                    i.sync().kind() == Sync.Kind.PROVEN ? work.turn(i) : Optional.empty()),
                deviations.open());
    i.standing(
        next(
            before,
            j,
            earliest(
                List.of(
                    // Without a baseline no cause settles and nothing is found to be calm.
                    baseline.isPresent() ? deviations.nextTelling() : Optional.empty(),
                    Telling.next(i, inForce, work.now()))),
            work.now()));
    boolean changed = i.standing().number() > before.number();
    if (changed) {
      if (hasTurned(judge, theCase, j.verdict(), turns.within(), work.now())) {
        work.turned(host);
      }
      Optional<String> tipped =
          j.verdict() == Verdict.ARTISANAL
              ? Tipping.sentence(judge, theCase, work.now())
              : Optional.empty();
      work.verdict(host, tipped);
      Telling.verdict(host, before, tipped, inForce, work);
    }
    Telling.release(host, deviations, inForce, work);
  }

  /**
   * Whether a new verdict is a turn of the host: not if only being late makes it, nor if what is
   * seen again after a while is no other than it was. Pure.
   *
   * @param within what began longer ago did not begin now
   */
  static boolean hasTurned(
      Judge judge, Case theCase, Verdict verdict, Duration within, Instant now) {
    Standing before = theCase.before();
    if (!Turn.isTurned(verdict) || Turn.isTurned(before.verdict())) {
      return false;
    }
    if (!Turn.isTurned(judge.judge(theCase.ifOnly(theCase.open()), now).verdict())) {
      return false;
    }
    if (before.number() == 0 || before.verdict() != Verdict.UNOBSERVED) {
      return true;
    }
    List<Deviation> old =
        theCase.open().stream()
            .filter(d -> d.onset().latest().isBefore(now.minus(within)))
            .toList();
    return !Turn.isTurned(judge.judge(theCase.ifOnly(old), now).verdict());
  }

  /** Of one whose reports are not taken nothing is known. */
  private static Judgement barred(Barred barred) {
    return new Judgement(
        Verdict.UNOBSERVED,
        0,
        Recommendation.INVESTIGATE,
        "Nothing that this installation reports is taken: " + barred.reason() + ".",
        List.of(),
        Breakdown.NONE,
        List.of("A new installation takes its place by an enrolment token or a person's word."),
        Optional.empty());
  }

  private static Optional<Instant> earliest(List<Optional<Instant>> times) {
    return times.stream().flatMap(Optional::stream).min(Comparator.naturalOrder());
  }

  /**
   * Whether the verdict on a host waits: its reports come late, and it is about the state after the
   * backlog. Pure.
   */
  static boolean isLate(Host host, JudgeConfig config, Instant now) {
    Installation i = host.installation();
    return i.barred().isEmpty()
        && i.standing().number() > 0
        && (host.delay().compareTo(config.lateAfter()) > 0
            || i.contact().lastSeen().isBefore(now.minus(config.lateAfter())));
  }

  /** The standing of a host whose verdict waits. Pure. */
  static Standing waiting(Standing before, JudgeConfig config, Instant now) {
    return again(before, now.plus(config.lateQuiet()));
  }

  /** The same standing, judged again at another time. */
  private static Standing again(Standing before, @Nullable Instant at) {
    return new Standing(
        before.verdict(),
        before.score(),
        before.recommendation(),
        before.sentence(),
        before.reasons(),
        before.since(),
        before.number(),
        at,
        before.breakdown(),
        before.advice());
  }

  /**
   * The standing that a judgement gives. Pure.
   *
   * @param telling when a cause may settle
   */
  static Standing next(Standing before, Judgement j, Optional<Instant> telling, Instant now) {
    boolean changed = before.number() == 0 || j.verdict() != before.verdict();
    return new Standing(
        j.verdict(),
        j.score(),
        j.recommendation(),
        j.sentence(),
        j.reasons(),
        changed ? now : before.since(),
        changed ? before.number() + 1 : before.number(),
        Stream.of(j.again(), telling)
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder())
            .orElse(null),
        j.breakdown(),
        j.advice());
  }
}
