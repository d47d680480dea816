package io.patina.collector.scanning;

import com.google.protobuf.ByteString;
import java.time.Duration;

/**
 * When every byte is due to be compared again: at a moment of each interval that depends on the
 * installation, so that a fleet does not read its disks in step, and never later than one interval
 * after the last time.
 */
public final class FullCompares {
  private final long interval;
  private final long offset;

  /**
   * @param installation random bytes, at least 8
   */
  public FullCompares(ByteString installation, Duration interval) {
    this.interval = Math.max(1, interval.toNanos() / 1000);
    long spread = installation.asReadOnlyByteBuffer().getLong();
    this.offset = Long.remainderUnsigned(spread, this.interval);
  }

  /**
   * Whether it is due.
   *
   * @param lastMicros when it was done last, microseconds since the epoch; 0 for never
   * @param nowMicros the same clock
   */
  public boolean due(long lastMicros, long nowMicros) {
    // A clock that was set back tells nothing: read again.
    return lastMicros <= 0
        || lastMicros > nowMicros
        || nowMicros - lastMicros >= interval
        || window(lastMicros) != window(nowMicros);
  }

  private long window(long micros) {
    return Math.floorDiv(micros - offset, interval);
  }
}
