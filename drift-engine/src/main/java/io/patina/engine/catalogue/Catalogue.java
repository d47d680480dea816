package io.patina.engine.catalogue;

import io.patina.engine.rollout.Rollout;
import io.patina.manifest.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The baselines that are active at one revision. Immutable.
 *
 * @param revision counts changes of state of any baseline
 * @param coming what comes to hosts wave by wave
 * @param images of which images there are baselines
 */
public record Catalogue(long revision, List<Baseline> active, List<Coming> coming, Images images) {

  /** A rollout and the baseline that it brings. */
  public record Coming(Rollout rollout, Baseline baseline) {}

  /**
   * The highest precedence first. Equal ones are refused at approval; what was approved before that
   * rule goes by the latest approval, and the statement's digest makes it total.
   */
  private static final Comparator<Baseline> BEST_FIRST =
      Comparator.comparingInt((Baseline b) -> -b.precedence())
          .thenComparing(Comparator.comparing(Baseline::approvedAt).reversed())
          .thenComparing(Baseline::statement);

  /** What is known before anything has been read. */
  public static final Catalogue NONE = new Catalogue(-1, List.of());

  public Catalogue {
    active = active.stream().sorted(BEST_FIRST).toList();
    coming = List.copyOf(coming);
  }

  /** Without rollouts and images. */
  public Catalogue(long revision, List<Baseline> active) {
    this(revision, active, List.of(), Images.NONE);
  }

  /**
   * The baseline for an installation.
   *
   * @param installationHex its id, 32 hexadecimal digits
   * @param assignedLabels labels given by enrolment or an operator, never asserted ones
   * @param scope under which it is observed; a baseline that names scopes is only for those
   */
  public Optional<Baseline> select(
      String installationHex, Map<String, String> assignedLabels, Digest scope) {
    return active.stream()
        .filter(b -> selects(b, installationHex, assignedLabels, scope))
        .findFirst();
  }

  /** What comes in place of a baseline to an installation that it selects. */
  public Optional<Coming> comingAfter(
      Baseline before, String installationHex, Map<String, String> assignedLabels, Digest scope) {
    return coming.stream()
        .filter(c -> c.rollout().from().equals(before.statement()))
        .filter(c -> selects(c.baseline(), installationHex, assignedLabels, scope))
        .findFirst();
  }

  private static boolean selects(
      Baseline b, String installationHex, Map<String, String> assignedLabels, Digest scope) {
    return b.golden().selector().selects(installationHex, assignedLabels)
        && (b.golden().scopes().isEmpty() || b.golden().scopes().contains(scope));
  }

  /** As it would be if a baseline were active instead of others of its name. */
  public Catalogue with(Baseline candidate) {
    List<Baseline> then = new ArrayList<>(active);
    then.removeIf(b -> b.golden().name().equals(candidate.golden().name()));
    then.add(candidate);
    return new Catalogue(revision, then);
  }

  /** The baseline of that statement, if it is active or comes. */
  public Optional<Baseline> find(Digest statement) {
    return Stream.concat(active.stream(), coming.stream().map(Coming::baseline))
        .filter(b -> b.statement().equals(statement))
        .findFirst();
  }
}
