package io.patina.engine.ingest;

import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Policies;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.judge.Case;
import io.patina.engine.judge.Judge;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.Judgement;
import io.patina.engine.state.Installation;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Standing;
import io.patina.engine.state.StateConfig;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Brings cases before the judge and writes down the answers. */
@Singleton
public final class Judging {

  private final Judge judge;
  private final JudgeConfig config;
  private final int mostListed;
  private final Comparing comparing;
  private final ManifestCache manifests;
  private final Policies policies = new Policies();

  public Judging(
      Judge judge,
      JudgeConfig config,
      Comparing comparing,
      ManifestCache manifests,
      StateConfig state) {
    this.mostListed = state.listedDeviations();
    this.judge = judge;
    this.config = config;
    this.comparing = comparing;
    this.manifests = manifests;
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
    }
    Optional<Baseline> baseline = Comparing.baseline(i, work);
    Deviations deviations = host.deviations(work.connection(), manifests, baseline, mostListed);
    Judgement j =
        judge.judge(
            new Case(
                before,
                i.sync(),
                i.conflict(),
                i.isSilent(),
                i.contact().lastSeen(),
                baseline.flatMap(b -> policies.of(b.golden())),
                i.assignedLabels(),
                deviations.open(),
                deviations.unproven()),
            work.now());
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
            j.again().orElse(null),
            j.breakdown(),
            j.advice()));
    if (changed) {
      work.verdict(host);
      work.event(EventData.verdict(i, before));
    }
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
