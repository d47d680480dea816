package io.patina.engine.catalogue;

import io.patina.manifest.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The baselines that are active at one revision. Immutable.
 *
 * @param revision counts changes of state of any baseline
 */
public record Catalogue(long revision, List<Baseline> active) {

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
        .filter(b -> b.golden().selector().selects(installationHex, assignedLabels))
        .filter(b -> b.golden().scopes().isEmpty() || b.golden().scopes().contains(scope))
        .findFirst();
  }

  /** As it would be if a baseline were active instead of others of its name. */
  public Catalogue with(Baseline candidate) {
    List<Baseline> then = new ArrayList<>(active);
    then.removeIf(b -> b.golden().name().equals(candidate.golden().name()));
    then.add(candidate);
    return new Catalogue(revision, then);
  }

  /** The active baseline of that statement. */
  public Optional<Baseline> find(Digest statement) {
    return active.stream().filter(b -> b.statement().equals(statement)).findFirst();
  }
}
