package io.patina.collector.live;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * When what is done again and again is due, so that hosts that were started together do not march
 * in step.
 */
public final class Phases {
  private final SplittableRandom random;

  public Phases(SplittableRandom random) {
    this.random = random;
  }

  /**
   * The first time after a start: anywhere in an interval of the length that {@link #next} gives,
   * so that from the beginning on as many are due in each second as later.
   */
  public Duration first(Duration interval) {
    return part(next(interval), random.nextDouble());
  }

  /** The next time: up to a tenth early. */
  public Duration next(Duration interval) {
    return part(interval, 1 - random.nextDouble() / 10);
  }

  private static Duration part(Duration interval, double fraction) {
    return Duration.ofMillis((long) (interval.toMillis() * fraction));
  }
}
