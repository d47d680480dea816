package io.patina.engine.deviations;

import io.patina.comparison.Difference;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.verdict.DriftClass;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cause of a deviation by simple rules that say no more than the evidence does: who wrote it
 * first, then what was under way, then what it is.
 */
final class Causes {

  private static final Set<String> ENABLEMENT = Set.of("enablement", "preset", "masked");
  private static final Set<String> OVERRIDE =
      Set.of("fragment", "fragment-path", "dropins", "needs-reload");

  private final CauseRules rules;
  private final Authors authors;

  Causes(CauseRules rules) {
    this.rules = rules;
    this.authors = new Authors(rules);
  }

  /** As far as it can be said at once. */
  Evidence of(Difference difference, Circumstances c) {
    Optional<WrittenBy> writer = Optional.ofNullable(c.writers().get(difference.key()));
    if (c.becauseOfBaseline()) {
      return new Evidence(Cause.BASELINE_CHANGED, "another baseline is compared with", "", writer);
    }
    if (c.packageTransaction()
        && c.mustSettle()
        && rules.settles()
        && !rules.isCritical(difference.key())) {
      return new Evidence(Cause.PENDING, "a package transaction is under way", "", writer);
    }
    return settled(difference, writer, c.updated(), c.packageTransaction());
  }

  /** What whoever wrote decides, whatever else is under way. */
  Optional<Evidence> decided(Difference difference, Circumstances c) {
    return Optional.ofNullable(c.writers().get(difference.key()))
        .flatMap(w -> authors.decisive(w, difference));
  }

  /** Whether a package manager wrote, or what it started. */
  boolean isByPackages(Optional<WrittenBy> writer) {
    return writer.filter(authors::isPackageManager).isPresent();
  }

  /**
   * The cause when it has settled. That a package transaction was under way explains what packages
   * do, not what happened beside it: what a person, a tool or a container wrote is theirs, and a
   * file of a package that has not changed is none of it.
   *
   * @param updated keys of the packages that have changed meanwhile and differ from the baseline
   * @param transaction whether a package transaction was under way
   */
  Evidence settled(
      Difference difference,
      Optional<WrittenBy> writer,
      Set<FactKey> updated,
      boolean transaction) {
    Optional<Evidence> authored = writer.flatMap(w -> authors.decisive(w, difference));
    if (authored.isPresent()) {
      return authored.get();
    }
    boolean byPackages = transaction || isByPackages(writer);
    Optional<Evidence> explained = byUpdate(difference, writer, updated, byPackages);
    if (explained.isPresent()) {
      return explained.get();
    }
    Evidence itself = new Evidence(ofItself(difference, writer), "", "", writer);
    return writer.map(w -> authors.attributed(itself, w, difference)).orElse(itself);
  }

  /** What a changed package explains: its own files, and beside files that no package owns. */
  private static Optional<Evidence> byUpdate(
      Difference difference, Optional<WrittenBy> writer, Set<FactKey> updated, boolean byPackages) {
    if (updated.contains(difference.key())) {
      return byPackages || difference.kind() == Difference.Kind.CHANGED
          ? Optional.of(
              new Evidence(Cause.PACKAGE_UPDATE, "the package itself changed", "", writer))
          : Optional.empty();
    }
    if (difference.owner().isPresent()) {
      String owner = difference.owner().get();
      return updated.contains(FactKey.of(Facet.PACKAGE, owner))
          ? Optional.of(
              new Evidence(
                  Cause.PACKAGE_UPDATE, "its package " + owner + " changed with it", "", writer))
          : Optional.empty();
    }
    return byPackages && !updated.isEmpty()
        ? Optional.of(
            new Evidence(
                Cause.PACKAGE_UPDATE,
                "packages changed at the same time, and no package owns it",
                "",
                writer))
        : Optional.empty();
  }

  private static Cause ofItself(Difference difference, Optional<WrittenBy> writer) {
    Optional<Facet> facet = Facet.named(difference.key().facet());
    if (facet.isEmpty()) {
      return Cause.UNKNOWN;
    }
    return switch (facet.get()) {
      case FILE -> file(difference, writer);
      case PACKAGE -> Cause.PACKAGE_CHANGE;
      case UNIT -> unit(difference);
      case KERNEL -> kernel(difference);
      case MOUNT -> Cause.RUNTIME;
      case OS -> os(difference);
    };
  }

  private static Cause file(Difference difference, Optional<WrittenBy> writer) {
    Optional<Cause> units = UnitPaths.cause(difference);
    if (units.isPresent()) {
      return units.get();
    }
    if (difference.kind() == Difference.Kind.UNEXPECTED) {
      return Cause.UNPACKAGED;
    }
    if (DriftClass.of(difference) == DriftClass.CONFIGURATION) {
      return writer.filter(w -> w.unit().endsWith(".service")).isPresent()
          ? Cause.RUNTIME
          : Cause.HAND_EDIT;
    }
    return difference.owner().isPresent() ? Cause.PACKAGE_FILE_MODIFIED : Cause.UNKNOWN;
  }

  private static Cause unit(Difference difference) {
    Set<String> differing = new TreeSet<>(difference.expected().values().keySet());
    differing.addAll(difference.actual().values().keySet());
    if (differing.contains("masked")) {
      // Masking replaces the fragment too.
      return Cause.ENABLEMENT;
    }
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

  /** Which image is running: these fields change with it and with nothing else. */
  private static Cause os(Difference difference) {
    String key = difference.key().displayName().toUpperCase(java.util.Locale.ROOT);
    return key.contains("IMAGE") || key.contains("OSTREE") || key.contains("BUILD_ID")
        ? Cause.IMAGE_UPDATE
        : Cause.UNKNOWN;
  }
}
