package io.patina.engine.deviations;

import io.patina.comparison.Difference;
import io.patina.engine.state.Since;
import io.patina.facts.Facet;
import io.patina.verdict.DriftClass;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open deviation.
 *
 * @param evidence of its cause
 * @param onset since when the host differs
 * @param settlesAt from when on it weighs in the verdict
 * @param changes how often the actual value changed while it was open
 * @param listed whether it has a row: a host has at most a bound of them
 * @param group the deviations of one cause at one time that it belongs to; null while its cause is
 *     pending
 * @param tellAt when its cause is settled and its group is told; null once that has been
 * @param unrest how often the fact has changed lately
 * @param changedAt when its actual value changed last, by the host's evidence; null if it is as it
 *     began
 */
public record Deviation(
    UUID id,
    Difference difference,
    DriftClass driftClass,
    Evidence evidence,
    Since onset,
    Instant settlesAt,
    int changes,
    boolean listed,
    @Nullable UUID group,
    @Nullable Instant tellAt,
    Unrest unrest,
    @Nullable Instant changedAt) {

  /** Of a fact that has not changed since it deviates. */
  public Deviation(
      UUID id,
      Difference difference,
      DriftClass driftClass,
      Evidence evidence,
      Since onset,
      Instant settlesAt,
      int changes,
      boolean listed,
      @Nullable UUID group,
      @Nullable Instant tellAt) {
    this(
        id,
        difference,
        driftClass,
        evidence,
        onset,
        settlesAt,
        changes,
        listed,
        group,
        tellAt,
        Unrest.NONE,
        null);
  }

  /** Of which no more is known than its cause. */
  public Deviation(
      UUID id,
      Difference difference,
      DriftClass driftClass,
      Cause cause,
      Since onset,
      Instant settlesAt,
      int changes,
      boolean listed) {
    this(
        id,
        difference,
        driftClass,
        Evidence.of(cause),
        onset,
        settlesAt,
        changes,
        listed,
        null,
        null);
  }

  public Cause cause() {
    return evidence.cause();
  }

  boolean isPackage() {
    return difference.key().facet().equals(Facet.PACKAGE.wireName());
  }

  /** When that was done which is there now: its last change, or its beginning. */
  Instant doneAt() {
    return changedAt == null ? onset.latest() : changedAt;
  }

  /**
   * Differs in another way.
   *
   * @param at when the host changed it; null if only the baseline did
   */
  Deviation changed(Difference other, Evidence why, @Nullable Instant tell, @Nullable Instant at) {
    return copy(other, why, changes + 1, listed, group, tell, unrest, at == null ? changedAt : at);
  }

  Deviation with(Evidence why, @Nullable Instant tell) {
    return copy(difference, why, changes, listed, group, tell, unrest, changedAt);
  }

  Deviation withRow() {
    return copy(difference, evidence, changes, true, group, tellAt, unrest, changedAt);
  }

  Deviation in(@Nullable UUID other) {
    return copy(difference, evidence, changes, listed, other, tellAt, unrest, changedAt);
  }

  Deviation restless(Unrest other) {
    return copy(difference, evidence, changes, listed, group, tellAt, other, changedAt);
  }

  /** As it is by now, whatever it was called when it began. */
  Deviation as(Difference now) {
    return copy(now, evidence, changes + 1, listed, group, tellAt, unrest, changedAt);
  }

  /** The same one, still: its identity, its class, and when it began and settles stay. */
  private Deviation copy(
      Difference now,
      Evidence why,
      int times,
      boolean row,
      @Nullable UUID in,
      @Nullable Instant tell,
      Unrest restless,
      @Nullable Instant at) {
    return new Deviation(
        id, now, driftClass, why, onset, settlesAt, times, row, in, tell, restless, at);
  }
}
