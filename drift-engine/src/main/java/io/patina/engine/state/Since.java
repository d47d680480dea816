package io.patina.engine.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When something began: at one moment, or between two observations.
 *
 * @param earliest last time it was seen otherwise; null if it never was
 * @param latest first time it was seen so
 */
public record Since(@Nullable Instant earliest, Instant latest) {

  public static Since exactly(Instant moment) {
    return new Since(moment, moment);
  }
}
