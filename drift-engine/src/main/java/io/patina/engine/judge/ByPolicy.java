package io.patina.engine.judge;

import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Breakdown;
import io.patina.policy.Answer;
import io.patina.policy.CompiledPolicy;
import io.patina.policy.Weighed;
import io.patina.policy.Weighing;
import io.patina.verdict.Severity;
import io.patina.verdict.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Judges proven hosts by the policy that their baseline brought. */
final class ByPolicy {

  private final Answers answers = new Answers();

  Judgement judge(CompiledPolicy policy, Case c, Instant now) {
    List<Weighed> weighed = new ArrayList<>();
    for (Deviation d : c.open()) {
      Answer answer = answers.of(policy, d, c.labels(), now);
      weighed.add(new Weighed(d.difference(), answer, from(d, answer), d.onset().latest()));
    }
    boolean wasArtisanal = c.before().verdict() == Verdict.ARTISANAL;
    Weighing w = Weighing.of(policy, weighed, wasArtisanal, now);
    List<String> reasons = new ArrayList<>(w.assessment().reasons());
    w.artisanalAt()
        .ifPresent(
            at ->
                reasons.add(
                    "artisanal from "
                        + at.truncatedTo(ChronoUnit.SECONDS)
                        + " on unless something changes"));
    Remarks.settling(w.waiting(), reasons);
    Remarks.unproven(c.unproven(), reasons);
    return new Judgement(
        w.assessment().verdict(),
        w.assessment().score(),
        w.assessment().recommendation(),
        w.assessment().sentence(),
        reasons,
        Breakdown.of(policy.artisanal().from(), w.assessment().breakdown()),
        w.assessment().advice(),
        w.again());
  }

  Instant from(CompiledPolicy policy, Case c, Deviation d, Instant now) {
    return from(d, answers.of(policy, d, c.labels(), now));
  }

  /** Critical ones do not wait until they have settled. */
  private static Instant from(Deviation d, Answer answer) {
    Instant tolerated = d.onset().latest().plus(answer.tolerance());
    return answer.severity() == Severity.CRITICAL || tolerated.isAfter(d.settlesAt())
        ? tolerated
        : d.settlesAt();
  }
}
