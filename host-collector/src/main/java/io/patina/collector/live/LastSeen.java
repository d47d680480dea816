package io.patina.collector.live;

import io.patina.facts.Facet;
import java.util.EnumMap;
import java.util.Map;

/**
 * When each facet was last known to be as reported, wall clock, microseconds since the epoch. Safe
 * for several threads.
 */
final class LastSeen {
  private final Map<Facet, Long> seen = new EnumMap<>(Facet.class);

  /** A look at all of a facet began then, and what it found has been reported. */
  synchronized void at(Facet facet, long micros) {
    seen.merge(facet, micros, Math::max);
  }

  /**
   * The earliest of them: since then everything is as reported.
   *
   * @param filesWatched whether changes of files are noticed as they happen
   * @param now the same clock
   */
  synchronized long earliest(boolean filesWatched, long now) {
    long earliest = now;
    for (Map.Entry<Facet, Long> each : seen.entrySet()) {
      if (each.getKey() != Facet.FILE || !filesWatched) {
        earliest = Math.min(earliest, each.getValue());
      }
    }
    return earliest;
  }
}
