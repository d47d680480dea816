package io.patina.engine.ingest;

import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Policies;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.judge.Case;
import io.patina.engine.judge.Judge;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.Judgement;
import io.patina.engine.pools.Turn;
import io.patina.engine.pools.TurnRules;
import io.patina.engine.state.Installation;
import io.patina.engine.state.Standing;
import io.patina.verdict.Verdict;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Brings cases before the judge and writes down the answers. */
@Singleton
public final class Judging {

  private final Judge judge;
  private final JudgeConfig config;
  private final Comparing comparing;
  private final Policies policies = new Policies();
  private final TurnRules turns;

  public Judging(Judge judge, JudgeConfig config, Comparing comparing) {
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
    boolean late =
        !byTime
            && before.number() > 0
            && (host.delay().compareTo(config.lateAfter()) > 0
                || i.contact().lastSeen().isBefore(work.now().minus(config.lateAfter())));
    host.judged();
    work.touch(host);
    if (late) {
      i.standing(with(before, Optional.of(work.now().plus(config.lateQuiet()))));
      return;
    }
    if (byTime) {
      comparing.explain(host, work);
      comparing.calm(host, work);
    }
    Optional<Baseline> baseline = Comparing.baseline(i, work);
    Deviations deviations = comparing.open(host, work);
    Case theCase =
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
    Judgement j =
        Restlessness.remarked(
            Turn.suspecting(judge.judge(theCase, work.now()), work.turn(i)), deviations.open());
    boolean changed = before.number() == 0 || j.verdict() != before.verdict();
    i.standing(
        new Standing(
            j.verdict(),
            j.score(),
            j.recommendation(),
            j.sentence(),
            j.reasons(),
            changed ? work.now() : before.since(),
            changed ? before.number() + 1 : before.number(),
            earlier(j.again(), deviations.nextTelling()).orElse(null),
            j.breakdown(),
            j.advice()));
    if (changed) {
      Optional<String> tipped =
          j.verdict() == Verdict.ARTISANAL
              ? Tipping.sentence(judge, theCase, work.now())
              : Optional.empty();
      work.verdict(host, tipped);
      work.event(EventData.verdict(i, before, tipped));
    }
  }

  private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
    return Stream.of(a, b).flatMap(Optional::stream).min(Comparator.naturalOrder());
  }

  private static Standing with(Standing standing, Optional<Instant> judgeAt) {
    return new Standing(
        standing.verdict(),
        standing.score(),
        standing.recommendation(),
        standing.sentence(),
        standing.reasons(),
        standing.since(),
        standing.number(),
        judgeAt.orElse(null),
        standing.breakdown(),
        standing.advice());
  }
}
