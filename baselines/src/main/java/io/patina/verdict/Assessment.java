package io.patina.verdict;

import io.patina.comparison.Difference;
import io.patina.facts.Facet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What a host's deviations mean under a policy, at one moment.
 *
 * @param verdict conforming, drifting or artisanal
 * @param score 0 to 100
 * @param advice why that recommendation, in sentences that are safe to show anywhere
 * @param sentence one sentence, safe to show anywhere
 * @param reasons the main reasons, weightiest first, at most five, safe to show anywhere
 * @param breakdown what makes up the score, weightiest first
 */
public record Assessment(
    Verdict verdict,
    int score,
    Recommendation recommendation,
    List<String> advice,
    String sentence,
    List<String> reasons,
    List<Contribution> breakdown) {

  private static final int MOST_REASONS = 5;

  /** Longest name of a fact or a package in a reason, in characters. */
  private static final int MOST_NAME = 120;

  public Assessment {
    advice = List.copyOf(advice);
    reasons = List.copyOf(reasons);
    breakdown = List.copyOf(breakdown);
  }

  /** By the weights of a policy that weighs kinds of difference. */
  public static Assessment of(Policy policy, Tally tally) {
    int score = policy.score(tally);
    Verdict verdict =
        tally.isEmpty()
            ? Verdict.CONFORMING
            : score >= policy.artisanalFrom() ? Verdict.ARTISANAL : Verdict.DRIFTING;
    List<Contribution> breakdown =
        Arrays.stream(DriftClass.values())
            .filter(c -> tally.count(c) > 0)
            .map(
                c ->
                    new Contribution(
                        c.wireName(),
                        c.counted(tally.count(c)),
                        Contribution.severity(policy.points(c, 1)),
                        tally.count(c),
                        policy.points(c, tally.count(c)),
                        tally.example(c)))
            .toList();
    return of(verdict, score, tally, breakdown);
  }

  /**
   * From what has been weighed.
   *
   * @param breakdown in any order; equal points stay in this one
   */
  public static Assessment of(
      Verdict verdict, int score, Tally tally, List<Contribution> breakdown) {
    List<Contribution> weightiest =
        breakdown.stream()
            .sorted(Comparator.comparingInt((Contribution c) -> -c.points()))
            .toList();
    List<String> reasons = weightiest.stream().limit(MOST_REASONS).map(Assessment::reason).toList();
    Advice advice = Advice.of(verdict, tally);
    return new Assessment(
        verdict,
        score,
        advice.recommendation(),
        advice.reasons(),
        sentence(verdict, tally, reasons),
        reasons,
        weightiest);
  }

  private static String reason(Contribution c) {
    if (c.example().isEmpty()) {
      return c.words();
    }
    Difference d = c.example().get();
    String owner = d.owner().map(o -> " of package " + shortened(o)).orElse("");
    String name = shortened(d.key().displayName());
    String what =
        d.key().facet().equals(Facet.FILE.wireName()) ? name : d.key().facet() + " " + name;
    return c.words() + (c.count() == 1 ? ": " : ", such as ") + what + owner;
  }

  /** At most {@link #MOST_NAME} characters: a host's longest path is not a sentence. */
  static String shortened(String name) {
    int length = name.codePointCount(0, name.length());
    if (length <= MOST_NAME) {
      return name;
    }
    int half = MOST_NAME / 2 - 1;
    return name.substring(0, name.offsetByCodePoints(0, half))
        + "\u2026"
        + name.substring(name.offsetByCodePoints(name.length(), -half));
  }

  private static String sentence(Verdict verdict, Tally tally, List<String> reasons) {
    if (verdict == Verdict.CONFORMING) {
      return "This host is as its baseline says.";
    }
    long total = tally.total();
    String start =
        verdict == Verdict.ARTISANAL ? "This host is artisanal" : "This host is drifting";
    String more = reasons.size() > 1 ? "; " + reasons.get(1) : "";
    return String.format(
        java.util.Locale.ROOT,
        "%s: %,d %s, %s%s.",
        start,
        total,
        total == 1 ? "deviation" : "deviations",
        reasons.getFirst(),
        more);
  }
}
