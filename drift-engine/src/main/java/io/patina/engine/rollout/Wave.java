package io.patina.engine.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Some of a rollout's hosts, and how long they have.
 *
 * @param number 1 is the first
 * @param percent so many in a hundred, those of the waves before among them; empty if labels say
 *     which
 * @param labels assigned ones that a host has, all of them; empty if percent says which
 * @param within how long after the wave was reached its hosts have
 * @param reachedAt null if it is not reached
 * @param deadline when its hosts are to be on the new version; null if it is not reached
 */
public record Wave(
    int number,
    OptionalInt percent,
    Map<String, String> labels,
    Duration within,
    @Nullable Instant reachedAt,
    @Nullable Instant deadline) {

  public Wave {
    labels = Map.copyOf(labels);
    if (percent.isPresent() != labels.isEmpty()) {
      throw new IllegalArgumentException("a wave is chosen by percent or by labels");
    }
  }

  /** Whether a host that stands at a place of the ring is of this wave. */
  boolean holds(double place, Map<String, String> assignedLabels) {
    return percent.isPresent()
        ? place * 100 < percent.getAsInt()
        : assignedLabels.entrySet().containsAll(labels.entrySet());
  }
}
