package io.patina.engine.judge;

import io.patina.engine.deviations.Cause;
import io.patina.engine.deviations.Deviation;
import io.patina.manifest.Digest;
import io.patina.policy.Answer;
import io.patina.policy.CompiledPolicy;
import io.patina.policy.Weighable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers of policies to deviations that are asked again and again. What is kept is what would be
 * answered anew; a host with thousands of deviations is judged in a fraction of the time. Safe for
 * use by several threads.
 */
final class Answers {

  private static final int KEPT = 20_000;

  /**
   * All that an answer depends on; between two stages of its age a policy says the same. The id
   * alone does not tell the content: a deviation without a row, and one that is only foreseen, have
   * it for whatever differs there.
   */
  private record Question(
      CompiledPolicy policy,
      Digest difference,
      Cause cause,
      int stage,
      Map<String, String> labels) {}

  private final Map<Question, Answer> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Answer> eldest) {
          return size() > KEPT;
        }
      };

  Answer of(CompiledPolicy policy, Deviation d, Map<String, String> labels, Instant now) {
    Weighable weighable =
        new Weighable(
            d.difference(),
            d.cause().wireName(),
            Duration.between(d.onset().latest(), now),
            labels);
    Question question =
        new Question(
            policy,
            Digest.of(d.difference().canonical()),
            d.cause(),
            policy.stage(weighable.age()),
            labels);
    synchronized (kept) {
      Answer known = kept.get(question);
      if (known != null) {
        return known;
      }
    }
    Answer answer = policy.answer(weighable);
    synchronized (kept) {
      kept.put(question, answer);
    }
    return answer;
  }
}
