package io.patina.collector.spool;

/**
 * Reports that will never arrive: what happened in between is known by its result only.
 *
 * @param sinceMillis when the first of them was made, milliseconds since the epoch
 * @param reports how many
 */
public record Loss(long sinceMillis, long reports) {
  Loss and(Loss other) {
    return new Loss(Math.min(sinceMillis, other.sinceMillis), reports + other.reports);
  }
}
