package io.patina.engine.reports;

import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** What a record turned out to be. */
public sealed interface Decoded {

  Arrival arrival();

  /**
   * A report that its own key signed; whether that key may speak for the installation is asked
   * later.
   *
   * @param wall host's clock, whatever it says
   * @param reportedAt host's clock, between 1970 and the broker's append time
   */
  record Accepted(
      Arrival arrival,
      UUID installation,
      UUID incarnation,
      Report report,
      Content content,
      Instant wall,
      Instant reportedAt)
      implements Decoded {

    public long sequence() {
      return report.getSequence();
    }

    /**
     * Since when at the latest everything is as this report says, by the host's clock: not after
     * {@link #reportedAt}.
     */
    public Instant seenAt() {
      long seen =
          switch (content) {
            case Content.StillSo still -> still.coverage().map(Coverage::getSeenMicros).orElse(0L);
            case Content.Changes changes ->
                changes.coverage().map(Coverage::getSeenMicros).orElse(0L);
            case Content.SnapshotPart part -> part.message().getCoverage().getSeenMicros();
            case Content.Announced announced -> 0L;
          };
      return seen <= 0 ? reportedAt : ReportDecoder.hostTime(seen, reportedAt);
    }

    /** From the host's clock to the broker's: the way of the report and what the clocks differ. */
    public Duration way() {
      return Duration.between(wall, arrival.at());
    }
  }

  /**
   * Not acceptable.
   *
   * @param text for people, safe to print
   */
  record Refused(Arrival arrival, Refusal why, String text) implements Decoded {}
}
