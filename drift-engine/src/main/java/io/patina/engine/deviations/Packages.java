package io.patina.engine.deviations;

import io.patina.facts.FactKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Packages that have changed, as far as they differ from the baseline, and when. */
final class Packages {

  private final Duration together;
  private final List<Deviation> all = new ArrayList<>();
  private final Set<FactKey> untold = new HashSet<>();
  private final Map<Instant, Set<FactKey>> bySecond = new HashMap<>();

  /**
   * @param together how much later what its script starts is still a package's doing
   */
  Packages(Duration together) {
    this.together = together;
  }

  void add(Deviation changed) {
    all.add(changed);
    if (changed.tellAt() != null) {
      untold.add(changed.difference().key());
    }
  }

  /** Those that have not been told yet. */
  Set<FactKey> untold() {
    return untold;
  }

  /** Those too that changed so shortly before a moment that what is done then is theirs. */
  Set<FactKey> at(Instant moment) {
    return bySecond.computeIfAbsent(moment.truncatedTo(ChronoUnit.SECONDS), this::changedBefore);
  }

  private Set<FactKey> changedBefore(Instant second) {
    Set<FactKey> changed = new HashSet<>(untold);
    for (Deviation p : all) {
      if (!p.doneAt().isAfter(second.plusSeconds(1))
          && !p.doneAt().plus(together).isBefore(second)) {
        changed.add(p.difference().key());
      }
    }
    return changed;
  }
}
