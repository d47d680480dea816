package io.patina.verdict;

import io.patina.comparison.Difference;
import io.patina.facts.Facet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a tally of differences means under a policy, at one moment.
 *
 * @param verdict conforming, drifting or artisanal
 * @param score 0 to 100
 * @param sentence one sentence, safe to show anywhere
 * @param reasons the main reasons, weightiest first, at most five, safe to show anywhere
 */
public record Assessment(
    Verdict verdict,
    int score,
    Recommendation recommendation,
    String sentence,
    List<String> reasons) {

  private static final int MOST_REASONS = 5;

  /** Longest name of a fact or a package in a reason, in characters. */
  private static final int MOST_NAME = 120;

  public Assessment {
    reasons = List.copyOf(reasons);
  }

  public static Assessment of(Policy policy, Tally tally) {
    int score = policy.score(tally);
    Verdict verdict =
        tally.isEmpty()
            ? Verdict.CONFORMING
            : score >= policy.artisanalFrom() ? Verdict.ARTISANAL : Verdict.DRIFTING;
    List<String> reasons = reasons(policy, tally);
    return new Assessment(
        verdict, score, recommend(verdict, tally), sentence(verdict, tally, reasons), reasons);
  }

  private static List<String> reasons(Policy policy, Tally tally) {
    return Arrays.stream(DriftClass.values())
        .filter(c -> tally.count(c) > 0)
        .sorted(
            Comparator.comparingInt((DriftClass c) -> -policy.points(c, tally.count(c)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST_REASONS)
        .map(c -> reason(c, tally))
        .toList();
  }

  private static String reason(DriftClass c, Tally tally) {
    long count = tally.count(c);
    Optional<Difference> example = tally.example(c);
    if (example.isEmpty()) {
      return c.counted(count);
    }
    Difference d = example.get();
    String owner = d.owner().map(o -> " of package " + shortened(o)).orElse("");
    String name = shortened(d.key().displayName());
    String what =
        d.key().facet().equals(Facet.FILE.wireName()) ? name : d.key().facet() + " " + name;
    return c.counted(count) + (count == 1 ? ": " : ", such as ") + what + owner;
  }

  /** At most {@link #MOST_NAME} characters: a host's longest path is not a sentence. */
  private static String shortened(String name) {
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

  private static Recommendation recommend(Verdict verdict, Tally tally) {
    if (verdict == Verdict.CONFORMING) {
      return Recommendation.NONE;
    }
    if (verdict == Verdict.ARTISANAL) {
      return Recommendation.REIMAGE;
    }
    long units = tally.count(DriftClass.UNIT);
    if (units > 0 && units == tally.total()) {
      return tally
          .example(DriftClass.UNIT)
          .filter(d -> d.actual().get("needs-reload").isPresent())
          .map(d -> Recommendation.DAEMON_RELOAD)
          .orElse(Recommendation.RESTART_UNITS);
    }
    boolean programs =
        tally.count(DriftClass.PACKAGED_FILE_CHANGED) + tally.count(DriftClass.FILE) > 0;
    return programs ? Recommendation.INVESTIGATE : Recommendation.OBSERVE;
  }
}
