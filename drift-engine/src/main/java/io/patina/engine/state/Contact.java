package io.patina.engine.state;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The last that was heard from an installation. Changes with every report.
 *
 * @param lastSeen broker's append time
 * @param reportedAt the host's own clock
 * @param sequence last number taken of the incarnation
 * @param recent 8 bytes of each of the last signatures, newest first
 * @param intervalSeconds how often it sends heartbeats
 */
public record Contact(
    Instant lastSeen,
    Instant reportedAt,
    UUID incarnation,
    long sequence,
    ByteString recent,
    int intervalSeconds) {

  /** Heartbeats that may be missing before an installation is silent. */
  private static final int MISSED = 3;

  /** Silent once its partition has been read to beyond this moment and nothing came. */
  public Instant silentAfter() {
    return lastSeen.plus(Duration.ofSeconds((long) MISSED * intervalSeconds));
  }
}
