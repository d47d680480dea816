package io.patina.engine.judge;

import io.patina.engine.catalogue.BaselinePolicy;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Breakdown;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Sync;
import io.patina.facts.Escaped;
import io.patina.verdict.Assessment;
import io.patina.verdict.Policy;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Tally;
import io.patina.verdict.Verdict;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges by the policy's weights over what has settled. What cannot be proven goes before what it
 * would say: a conflict of identity, silence, missing facts, in this order.
 */
@Singleton
public final class WeighingJudge implements Judge {

  /** Begins the reason by which a verdict is known that is not proven any more. */
  private static final String MARK = "out of sync: ";

  private final JudgeConfig config;
  private final ByPolicy byPolicy = new ByPolicy();

  public WeighingJudge(JudgeConfig config) {
    this.config = config;
  }

  @Override
  public Judgement judge(Case c, Instant now) {
    if (c.conflict().isPresent()) {
      return conflicting(c.conflict().get());
    }
    if (c.silent()) {
      return unobserved(
          "Nothing has been heard from this host since "
              + c.lastSeen().truncatedTo(ChronoUnit.SECONDS)
              + ".",
          Recommendation.INVESTIGATE,
          "Its partition was read past its deadline: it is the host or its collector.");
    }
    return switch (c.sync().kind()) {
      case NEW ->
          unobserved(
              "No complete snapshot of this host has arrived yet.",
              Recommendation.OBSERVE,
              "The first snapshot is on its way.");
      case OUT_OF_SYNC -> outOfSync(c, now);
      case PROVEN -> proven(c, now);
    };
  }

  private static Judgement conflicting(Conflict conflict) {
    return unobserved(
        "More than one machine reports under this host's identity: " + conflict.reason() + ".",
        Recommendation.INVESTIGATE,
        "Which of them is the host cannot be told from here; find the other one.");
  }

  private Judgement outOfSync(Case c, Instant now) {
    Sync sync = c.sync();
    Instant until = sync.since().plus(config.outOfSyncGrace());
    if (!now.isBefore(until) || c.before().number() == 0) {
      return unobserved(
          "What this host reports cannot be proven: " + sync.reason() + ".",
          Recommendation.INVESTIGATE,
          "It should have sent a snapshot by now; look at its collector.");
    }
    List<String> reasons = new ArrayList<>(c.before().reasons());
    reasons.removeIf(r -> r.startsWith(MARK));
    reasons.add(MARK + sync.reason());
    return new Judgement(
        c.before().verdict(),
        c.before().score(),
        Recommendation.OBSERVE,
        c.before().sentence(),
        reasons,
        c.before().breakdown(),
        List.of("The verdict is the last one that was proven; nothing is to be done on it."),
        Optional.of(until));
  }

  private Judgement proven(Case c, Instant now) {
    if (c.unknownImage().isPresent()) {
      return unknown(c.unknownImage().get());
    }
    if (c.policy().isEmpty()) {
      return new Judgement(
          Verdict.UNBASELINED,
          0,
          Recommendation.FIX_BASELINE,
          "No approved baseline selects this host.",
          List.of(),
          Breakdown.NONE,
          List.of(
              "Its assigned labels and its scope are those of none; without one nothing can be said"
                  + " to differ."),
          Optional.empty());
    }
    Judgement j =
        switch (c.policy().get()) {
          case BaselinePolicy.BuiltIn builtIn -> builtIn(builtIn.policy(), c, now);
          case BaselinePolicy.Brought brought -> byPolicy.judge(brought.policy(), c, now);
        };
    return c.transit().isPresent() ? InTransit.judge(c.transit().get(), j, now) : j;
  }

  /** It is whole, of an image that nobody has looked at: nothing can be said to differ. */
  private static Judgement unknown(Case.UnknownImage image) {
    return new Judgement(
        Verdict.UNBASELINED,
        0,
        Recommendation.FIX_BASELINE,
        "This host runs " + image.image() + ", of which there is no approved baseline.",
        List.of(),
        Breakdown.NONE,
        List.of(
            image
                .waiting()
                .map(w -> Escaped.text(w) + ": it waits for somebody to take it further.")
                .orElse("Import that image, sign it and have it approved.")),
        Optional.empty());
  }

  private Judgement builtIn(Policy builtIn, Case c, Instant now) {
    Tally settled = new Tally();
    long settling = 0;
    Optional<Instant> again = Optional.empty();
    for (Deviation d : c.open()) {
      if (d.settlesAt().isAfter(now)) {
        settling++;
        Instant at = d.settlesAt();
        again = Optional.of(again.filter(a -> a.isBefore(at)).orElse(at));
      } else {
        settled.add(d.driftClass(), 1, Optional.of(d.difference()));
      }
    }
    Assessment a = Assessment.of(policy(builtIn, c), settled);
    List<String> reasons = new ArrayList<>(a.reasons());
    Remarks.settling(settling, reasons);
    Remarks.unproven(c.unproven(), reasons);
    return new Judgement(
        a.verdict(),
        a.score(),
        a.recommendation(),
        a.sentence(),
        reasons,
        Breakdown.of(builtIn.artisanalFrom(), a.breakdown()),
        a.advice(),
        again);
  }

  /** A host that is artisanal stays so until its score is clearly below the threshold. */
  private Policy policy(Policy policy, Case c) {
    if (c.before().verdict() != Verdict.ARTISANAL) {
      return policy;
    }
    return new Policy(
        policy.name(),
        policy.weights(),
        Math.max(1, policy.artisanalFrom() - config.hysteresis()),
        policy.grace());
  }

  private static Judgement unobserved(
      String sentence, Recommendation recommendation, String advice) {
    return new Judgement(
        Verdict.UNOBSERVED,
        0,
        recommendation,
        sentence,
        List.of(),
        Breakdown.NONE,
        List.of(advice),
        Optional.empty());
  }
}
