package io.patina.engine.state;

import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an installation is judged.
 *
 * @param sentence one sentence, safe to print
 * @param since from when on the verdict has been this
 * @param number of the verdict, 1, 2, ... per installation; 0 before the first
 * @param judgeAt when time alone may change it
 * @param breakdown what makes up the score
 * @param advice why that recommendation, in sentences that are safe to print
 */
public record Standing(
    Verdict verdict,
    int score,
    Recommendation recommendation,
    String sentence,
    List<String> reasons,
    Instant since,
    long number,
    @Nullable Instant judgeAt,
    Breakdown breakdown,
    List<String> advice) {

  /** Without a score that anything makes up. */
  public Standing(
      Verdict verdict,
      int score,
      Recommendation recommendation,
      String sentence,
      List<String> reasons,
      Instant since,
      long number,
      @Nullable Instant judgeAt) {
    this(
        verdict,
        score,
        recommendation,
        sentence,
        reasons,
        since,
        number,
        judgeAt,
        Breakdown.NONE,
        List.of());
  }

  public Standing {
    reasons = List.copyOf(reasons);
    advice = List.copyOf(advice);
  }
}
