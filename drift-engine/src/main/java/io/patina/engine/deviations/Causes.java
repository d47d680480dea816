package io.patina.engine.deviations;

import io.patina.comparison.Difference;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.verdict.DriftClass;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The cause of a deviation by simple rules that say no more than the evidence does. */
final class Causes {

  private static final Set<String> ENABLEMENT = Set.of("enablement", "preset", "masked");
  private static final Set<String> OVERRIDE =
      Set.of("fragment", "fragment-path", "dropins", "needs-reload");

  private Causes() {}

  static Cause of(Difference difference, Circumstances circumstances) {
    if (circumstances.becauseOfBaseline()) {
      return Cause.BASELINE_CHANGED;
    }
    return circumstances.packageTransaction() ? Cause.PENDING : ofItself(difference);
  }

  /**
   * The cause of what was noticed while packages were being installed, once that is over: the
   * update, if the package it belongs to (or, where it belongs to none, any package) has changed
   * too; otherwise what it would have been without.
   *
   * @param updated keys of the packages that changed in a transaction and differ from the baseline
   */
  static Cause settled(Difference difference, Set<FactKey> updated) {
    boolean explained =
        difference
            .owner()
            .map(owner -> updated.contains(FactKey.of(Facet.PACKAGE, owner)))
            .orElse(!updated.isEmpty());
    return explained ? Cause.PACKAGE_UPDATE : ofItself(difference);
  }

  private static Cause ofItself(Difference difference) {
    Optional<Facet> facet = Facet.named(difference.key().facet());
    if (facet.isEmpty()) {
      return Cause.UNKNOWN;
    }
    return switch (facet.get()) {
      case FILE -> file(difference);
      case PACKAGE -> Cause.PACKAGE_CHANGE;
      case UNIT -> unit(difference);
      case KERNEL -> kernel(difference);
      case MOUNT -> Cause.RUNTIME;
      case OS -> Cause.UNKNOWN;
    };
  }

  private static Cause file(Difference difference) {
    if (difference.kind() == Difference.Kind.UNEXPECTED) {
      return Cause.UNPACKAGED;
    }
    if (DriftClass.of(difference) == DriftClass.CONFIGURATION) {
      return Cause.HAND_EDIT;
    }
    return difference.owner().isPresent() ? Cause.PACKAGE_FILE_MODIFIED : Cause.UNKNOWN;
  }

  private static Cause unit(Difference difference) {
    Set<String> differing = new TreeSet<>(difference.expected().values().keySet());
    differing.addAll(difference.actual().values().keySet());
    if (differing.stream().anyMatch(OVERRIDE::contains)) {
      return Cause.UNIT_OVERRIDE;
    }
    return differing.stream().anyMatch(ENABLEMENT::contains) ? Cause.ENABLEMENT : Cause.RUNTIME;
  }

  /** Release, version, configuration and command line change with a boot, not by a hand. */
  private static Cause kernel(Difference difference) {
    String key = difference.key().displayName();
    return key.startsWith("sysctl:") || key.startsWith("module:") || key.equals("taint")
        ? Cause.RUNTIME
        : Cause.UNKNOWN;
  }
}
