package io.patina.policy;

import io.patina.verdict.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A case of a policy, run.
 *
 * @param wrong what is not as expected, each in one sentence; empty if all is
 */
public record CaseRun(PolicyCase theCase, List<String> wrong) {

  private static final Instant NOW = Instant.parse("2000-01-01T00:00:00Z");

  public CaseRun {
    wrong = List.copyOf(wrong);
  }

  /** Runs every case of a policy. */
  public static List<CaseRun> all(CompiledPolicy policy) {
    return policy.cases().stream().map(c -> of(policy, c)).toList();
  }

  private static CaseRun of(CompiledPolicy policy, PolicyCase c) {
    List<Weighed> weighed = new ArrayList<>();
    for (Weighable w : c.given()) {
      Answer answer = policy.answer(w);
      Instant onset = NOW.minus(w.age());
      weighed.add(new Weighed(w.difference(), answer, onset.plus(answer.tolerance()), onset));
    }
    List<String> wrong = new ArrayList<>();
    if (!weighed.isEmpty()) {
      Answer first = weighed.getFirst().answer();
      Severity worst =
          weighed.stream()
              .map(w -> w.answer().severity())
              .max(Comparator.naturalOrder())
              .orElseThrow();
      compare("rule", c.expected().rule(), first.rule(), wrong);
      compare("severity", c.expected().severity().map(Severity::wireName), worst.wireName(), wrong);
      compare("weight", c.expected().weight(), first.weight(), wrong);
      compare("tolerance", c.expected().tolerance(), first.tolerance(), wrong);
    }
    Weighing weighing = Weighing.of(policy, weighed, c.wasArtisanal(), NOW);
    compare(
        "verdict",
        c.expected().verdict().map(v -> v.wireName()),
        weighing.assessment().verdict().wireName(),
        wrong);
    compare("score", c.expected().score(), weighing.assessment().score(), wrong);
    if (!wrong.isEmpty()) {
      weighed.forEach(w -> wrong.add(told(w)));
    }
    return new CaseRun(c, wrong);
  }

  private static String told(Weighed w) {
    return w.difference().key()
        + ": rule "
        + w.answer().rule()
        + ", "
        + w.answer().severity().wireName()
        + ", weight "
        + w.answer().weight();
  }

  private static <T> void compare(String what, Optional<T> expected, T actual, List<String> wrong) {
    if (expected.isPresent() && !expected.get().equals(actual)) {
      wrong.add(what + ": expected " + expected.get() + ", is " + actual);
    }
  }
}
