package io.patina.verdict;

import io.patina.comparison.Difference;
import java.util.Optional;

/**
 * What one group of deviations adds to a score: a line of its breakdown.
 *
 * @param group name of the policy's rule, or of the kind of difference
 * @param words the group and its number for people, such as {@code 3 configuration files edited}
 * @param severity that of the worst of them
 * @param points what they add together, 0 to 100
 * @param example one of them
 */
public record Contribution(
    String group,
    String words,
    Severity severity,
    long count,
    int points,
    Optional<Difference> example) {

  private static final int HIGH_FROM = 50;
  private static final int MEDIUM_FROM = 10;

  /** How bad one difference of this many points is, where a policy does not say. */
  static Severity severity(int points) {
    return points >= HIGH_FROM
        ? Severity.HIGH
        : points >= MEDIUM_FROM ? Severity.MEDIUM : Severity.LOW;
  }
}
