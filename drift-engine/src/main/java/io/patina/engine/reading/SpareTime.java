package io.patina.engine.reading;

import io.patina.engine.ingest.Slice;
import java.time.Duration;
import java.util.Optional;

/**
 * How long what can wait may work between two polls. While more reports wait than one poll takes,
 * it has a quarter of the time, and pays back what one host took too long: ten thousand hosts that
 * follow another baseline do not hold up a fleet's heartbeats, and are held up by them no longer
 * than four times as long. Else it has a slice after each poll. Not safe for use by several
 * threads.
 */
final class SpareTime {

  /** Reports have three parts, what can wait has one. */
  private static final int PARTS = 3;

  private final long slice;
  private long left;

  /**
   * @param slice longest that reports wait
   */
  SpareTime(Duration slice) {
    this.slice = slice.toNanos();
    this.left = this.slice;
  }

  /**
   * Reports have been worked on.
   *
   * @param nanos for how long
   * @param moreWait whether more are waiting than one poll takes
   */
  void reportsTook(long nanos, boolean moreWait) {
    left = moreWait ? Math.min(slice, left + nanos / PARTS) : slice;
  }

  /** What can wait has worked. */
  void took(long nanos) {
    left -= nanos;
  }

  boolean isLeft() {
    return left > 0;
  }

  /** The time that there is; empty if reports go first. */
  Optional<Slice> slice() {
    return isLeft() ? Optional.of(Slice.of(Duration.ofNanos(left))) : Optional.empty();
  }
}
