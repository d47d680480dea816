package io.patina.engine.pools;

import io.patina.engine.judge.Judgement;
import io.patina.manifest.Digest;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Much of a pool turned together.
 *
 * @param baseline statement that it was held against
 */
public record Turn(UUID id, String pool, Digest baseline, Instant since, String sentence) {

  private static final String WHY_NOT =
      "Reimaging or repairing many hosts because of one baseline would repeat its mistake on all of"
          + " them; what this host itself differs in is listed.";

  /** Whether a verdict is one that a pool turns to. */
  public static boolean isTurned(Verdict verdict) {
    return verdict == Verdict.ARTISANAL || verdict == Verdict.DRIFTING;
  }

  /** The same of a word on the wire. */
  public static boolean isTurnedWord(String verdict) {
    return verdict.equals(Verdict.ARTISANAL.wireName())
        || verdict.equals(Verdict.DRIFTING.wireName());
  }

  /** The judgement of a host of that pool: the same, but what is to be done is done elsewhere. */
  public static Judgement suspecting(Judgement j, Optional<Turn> turn) {
    if (turn.isEmpty() || !isTurned(j.verdict())) {
      return j;
    }
    return new Judgement(
        j.verdict(),
        j.score(),
        Recommendation.FIX_BASELINE,
        j.sentence(),
        j.reasons(),
        j.breakdown(),
        List.of(turn.get().sentence(), WHY_NOT),
        j.again());
  }
}
