package io.patina.engine.state;

import io.patina.verdict.Contribution;
import java.util.List;

/**
 * What makes up a score.
 *
 * @param artisanalFrom the score from which a host is artisanal; 0 if none has been computed
 * @param groups weightiest first, at most {@link #MOST}
 */
public record Breakdown(int artisanalFrom, List<Group> groups) {

  /** Nothing has been weighed. */
  public static final Breakdown NONE = new Breakdown(0, List.of());

  /** Groups that are kept; a policy has no more rules than this. */
  static final int MOST = 100;

  private static final int LONGEST = 300;

  /**
   * Deviations that are weighed together.
   *
   * @param name the policy's rule, or the kind of difference
   * @param severity a {@link io.patina.verdict.Severity#wireName()} of the worst
   * @param points what they add to the score together
   * @param example one of them, safe to print
   */
  public record Group(String name, String severity, long count, int points, String example) {

    static Group of(Contribution c) {
      return new Group(
          c.group(),
          c.severity().wireName(),
          c.count(),
          c.points(),
          c.example().map(d -> shortened(d.key().toString())).orElse(""));
    }
  }

  public Breakdown {
    groups = List.copyOf(groups);
  }

  /** Of an assessment. */
  public static Breakdown of(int artisanalFrom, List<Contribution> contributions) {
    return new Breakdown(artisanalFrom, contributions.stream().limit(MOST).map(Group::of).toList());
  }

  /** Keys of facts are safe as they are shown. */
  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "\u2026";
  }
}
