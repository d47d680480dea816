package io.patina.policy;

import io.patina.verdict.Assessment;
import io.patina.verdict.Contribution;
import io.patina.verdict.DriftClass;
import io.patina.verdict.Severity;
import io.patina.verdict.Tally;
import io.patina.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds up what a policy says of each deviation of a host.
 *
 * <p>A host becomes artisanal when deviations that have each weighed for the grace make up the
 * score that the policy names, and stays so until its whole score is the hysteresis below that.
 * Only times of the deviations count and not the order in which they were told, so that no order of
 * reports makes a host artisanal, not so, and artisanal again within the grace.
 *
 * @param waiting deviations that do not weigh yet
 * @param artisanalAt when the host will be artisanal if nothing else happens
 * @param again when time alone may change the answer; empty if it cannot
 */
public record Weighing(
    Assessment assessment, long waiting, Optional<Instant> artisanalAt, Optional<Instant> again) {

  private static final int MOST = 100;

  /** The deviations of one rule. */
  private static final class Group {
    private final List<Weighed> all = new ArrayList<>();

    void add(Weighed w) {
      all.add(w);
    }

    int points() {
      long sum = all.stream().mapToLong(w -> w.answer().weight()).sum();
      return (int) Math.min(all.getFirst().answer().atMost(), sum);
    }

    Contribution contribution() {
      Weighed example = all.getFirst();
      Severity worst = all.getFirst().answer().severity();
      for (Weighed w : all) {
        if (before(w, example)) {
          example = w;
        }
        worst = worst.compareTo(w.answer().severity()) < 0 ? w.answer().severity() : worst;
      }
      String rule = example.answer().rule();
      String words =
          String.format(
              java.util.Locale.ROOT,
              "%,d %s by rule %s",
              all.size(),
              all.size() == 1 ? "deviation" : "deviations",
              rule);
      return new Contribution(
          rule, words, worst, all.size(), points(), Optional.of(example.difference()));
    }

    /**
     * The weightiest is the example, of equal ones the first by key: no order of telling counts.
     */
    private static boolean before(Weighed a, Weighed b) {
      int byWeight = Integer.compare(b.answer().weight(), a.answer().weight());
      return byWeight != 0
          ? byWeight < 0
          : a.difference().key().compareTo(b.difference().key()) < 0;
    }
  }

  /**
   * The answer at a moment.
   *
   * @param all every open deviation
   * @param wasArtisanal whether the host is artisanal already
   */
  public static Weighing of(
      CompiledPolicy policy, Collection<Weighed> all, boolean wasArtisanal, Instant now) {
    PolicySource.Artisanal rule = policy.artisanal();
    List<Weighed> weighing = all.stream().filter(w -> !w.from().isAfter(now)).toList();
    List<Contribution> breakdown =
        groups(weighing).values().stream().map(Group::contribution).toList();
    int score = score(weighing);
    int held = heldScore(weighing, rule.grace(), now);
    boolean artisanal =
        wasArtisanal ? score >= rule.from() - rule.hysteresis() : held >= rule.from();
    Verdict verdict =
        weighing.isEmpty() ? Verdict.CONFORMING : artisanal ? Verdict.ARTISANAL : Verdict.DRIFTING;
    Tally tally = new Tally();
    weighing.stream()
        .sorted((a, b) -> a.difference().key().compareTo(b.difference().key()))
        .forEach(w -> tally.add(DriftClass.of(w.difference()), 1, Optional.of(w.difference())));
    return new Weighing(
        Assessment.of(verdict, score, tally, breakdown),
        all.size() - weighing.size(),
        artisanal ? Optional.empty() : artisanalAt(all, rule, now),
        again(policy, all, rule.grace(), now));
  }

  private static Map<String, Group> groups(Collection<Weighed> weighing) {
    Map<String, Group> groups = new LinkedHashMap<>();
    weighing.stream()
        .sorted((a, b) -> a.answer().rule().compareTo(b.answer().rule()))
        .forEach(w -> groups.computeIfAbsent(w.answer().rule(), r -> new Group()).add(w));
    return groups;
  }

  private static int score(Collection<Weighed> weighing) {
    return Math.min(MOST, groups(weighing).values().stream().mapToInt(Group::points).sum());
  }

  private static int heldScore(Collection<Weighed> all, Duration grace, Instant now) {
    return score(all.stream().filter(w -> !w.from().plus(grace).isAfter(now)).toList());
  }

  /** The first moment at which what is there now has weighed for long enough. */
  private static Optional<Instant> artisanalAt(
      Collection<Weighed> all, PolicySource.Artisanal rule, Instant now) {
    if (score(all) < rule.from()) {
      return Optional.empty();
    }
    List<Instant> moments =
        all.stream()
            .map(w -> w.from().plus(rule.grace()))
            .filter(m -> m.isAfter(now))
            .distinct()
            .sorted()
            .toList();
    int low = 0;
    int high = moments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (heldScore(all, rule.grace(), moments.get(middle)) >= rule.from()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low < moments.size() ? Optional.of(moments.get(low)) : Optional.empty();
  }

  private static Optional<Instant> again(
      CompiledPolicy policy, Collection<Weighed> all, Duration grace, Instant now) {
    Instant next = Instant.MAX;
    for (Weighed w : all) {
      next = earlier(next, w.from(), now);
      next = earlier(next, w.from().plus(grace), now);
      Optional<Instant> breakpoint =
          policy
              .nextBreakpoint(Duration.between(w.ageFrom(), now))
              .map(age -> w.ageFrom().plus(age));
      if (breakpoint.isPresent()) {
        next = earlier(next, breakpoint.get(), now);
      }
    }
    return next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next);
  }

  private static Instant earlier(Instant a, Instant b, Instant now) {
    return b.isAfter(now) && b.isBefore(a) ? b : a;
  }
}
