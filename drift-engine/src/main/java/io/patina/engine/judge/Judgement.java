package io.patina.engine.judge;

import io.patina.engine.state.Breakdown;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The judge's answer.
 *
 * @param breakdown what makes up the score
 * @param advice why that recommendation, in sentences
 * @param again when time alone may change it; empty if only a report can
 */
public record Judgement(
    Verdict verdict,
    int score,
    Recommendation recommendation,
    String sentence,
    List<String> reasons,
    Breakdown breakdown,
    List<String> advice,
    Optional<Instant> again) {

  public Judgement {
    reasons = List.copyOf(reasons);
    advice = List.copyOf(advice);
  }
}
