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
 * @param seenAt the host's own clock when everything was last proven to be as it is known; what is
 *     found different later happened after it
 * @param sequence last number taken of the incarnation
 * @param recent 8 bytes of each of the last signatures, newest first
 * @param intervalSeconds how often it sends heartbeats
 */
public record Contact(
    Instant lastSeen,
    Instant reportedAt,
    Instant seenAt,
    UUID incarnation,
    long sequence,
    ByteString recent,
    int intervalSeconds) {

  /** Heartbeats that may be missing before an installation is silent. */
  private static final int MISSED = 3;

  /** Everything was proven to be as known, at this time of the host's own clock. */
  public Contact seen(Instant at) {
    return new Contact(lastSeen, reportedAt, at, incarnation, sequence, recent, intervalSeconds);
  }

  /** Silent once its partition has been read to beyond this moment and nothing came. */
  public Instant silentAfter() {
    return lastSeen.plus(Duration.ofSeconds((long) MISSED * intervalSeconds));
  }
}
