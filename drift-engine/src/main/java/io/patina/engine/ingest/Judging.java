package io.patina.engine.ingest;

import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Policies;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.judge.Case;
import io.patina.engine.judge.Judge;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.Judgement;
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

  public Judging(Judge judge, JudgeConfig config, Comparing comparing) {
    this.judge = judge;
    this.config = config;
    this.comparing = comparing;
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
    boolean late = !byTime && isLate(host, config, work.now());
    host.judged();
    work.touch(host);
    if (late) {
      i.standing(waiting(before, config, work.now()));
      return;
    }
    if (byTime) {
      comparing.explain(host, work);
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
    Judgement j = judge.judge(theCase, work.now());
    i.standing(next(before, j, deviations.nextTelling(), work.now()));
    boolean changed = i.standing().number() > before.number();
    if (changed) {
      Optional<String> tipped =
          j.verdict() == Verdict.ARTISANAL
              ? Tipping.sentence(judge, theCase, work.now())
              : Optional.empty();
      work.verdict(host, tipped);
      work.event(EventData.verdict(i, before, tipped));
    }
  }

  /**
   * Whether the verdict on a host waits: its reports come late, and it is about the state after the
   * backlog. Pure.
   */
  static boolean isLate(Host host, JudgeConfig config, Instant now) {
    return host.installation().standing().number() > 0
        && (host.delay().compareTo(config.lateAfter()) > 0
            || host.installation().contact().lastSeen().isBefore(now.minus(config.lateAfter())));
  }

  /** The standing of a host whose verdict waits. Pure. */
  static Standing waiting(Standing before, JudgeConfig config, Instant now) {
    return new Standing(
        before.verdict(),
        before.score(),
        before.recommendation(),
        before.sentence(),
        before.reasons(),
        before.since(),
        before.number(),
        now.plus(config.lateQuiet()),
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
