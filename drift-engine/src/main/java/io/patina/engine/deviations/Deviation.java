package io.patina.engine.deviations;

import io.patina.comparison.Difference;
import io.patina.engine.state.Since;
import io.patina.facts.Facet;
import io.patina.verdict.DriftClass;
import java.time.Instant;
import java.util.UUID;

/**
 * An open deviation.
 *
 * @param onset since when the host differs
 * @param settlesAt from when on it weighs in the verdict
 * @param changes how often the actual value changed while it was open
 * @param listed whether it has a row: a host has at most a bound of them
 */
public record Deviation(
    UUID id,
    Difference difference,
    DriftClass driftClass,
    Cause cause,
    Since onset,
    Instant settlesAt,
    int changes,
    boolean listed) {

  boolean isPackage() {
    return difference.key().facet().equals(Facet.PACKAGE.wireName());
  }

  Deviation with(Difference other) {
    return new Deviation(id, other, driftClass, cause, onset, settlesAt, changes + 1, listed);
  }

  Deviation with(Cause other) {
    return new Deviation(id, difference, driftClass, other, onset, settlesAt, changes, listed);
  }
}
