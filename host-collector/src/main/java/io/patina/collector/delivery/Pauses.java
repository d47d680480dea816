package io.patina.collector.delivery;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a collector waits before it connects, so that a fleet that starts together, or whose
 * brokers come back, does not arrive in one second.
 */
public final class Pauses {
  private static final long SHORTEST_MILLIS = 250;

  /** After a long outage the fleet comes back within this time. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  private Pauses() {}

  /**
   * Before the first connection after a start: the same place in the spread for one installation
   * each time, evenly distributed because ids are random.
   *
   * @param installation 16 random bytes
   */
  public static Duration atStart(ByteString installation, Duration spread) {
    long first = installation.asReadOnlyByteBuffer().getLong() >>> 1;
    return Duration.ofMillis((long) (spread.toMillis() * (first / (double) Long.MAX_VALUE)));
  }

  /**
   * After a failure: anywhere in a time that doubles with every failure, up to a minute, but never
   * under a tenth of it.
   *
   * @param failures in a row, from 1
   */
  public static Duration afterFailure(int failures, RandomGenerator random) {
    long most = Math.min(LONGEST.toMillis(), SHORTEST_MILLIS << Math.min(failures - 1, 8));
    return Duration.ofMillis((long) (most * (0.1 + 0.9 * random.nextDouble())));
  }
}
