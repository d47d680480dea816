package io.patina.policy;

import io.patina.verdict.Severity;
import io.patina.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A case of a policy file: these deviations, that answer.
 *
 * @param place where it stands
 * @param wasArtisanal whether the host is artisanal already
 * @param given the deviations; their age says how long they have been there
 */
public record PolicyCase(
    String name, Place place, boolean wasArtisanal, List<Weighable> given, Expected expected) {

  /**
   * What is expected; empty where nothing is.
   *
   * @param rule of the only deviation, as weight and tolerance are
   * @param severity of the worst deviation
   */
  public record Expected(
      Optional<String> rule,
      Optional<Severity> severity,
      Optional<Integer> weight,
      Optional<Duration> tolerance,
      Optional<Verdict> verdict,
      Optional<Integer> score) {}

  public PolicyCase {
    given = List.copyOf(given);
  }
}
