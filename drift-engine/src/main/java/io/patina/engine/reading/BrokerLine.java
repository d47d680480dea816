package io.patina.engine.reading;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the broker answers, since when, and up to which moment a partition has therefore been
 * read. While it does not answer nobody is silent: it is the line that hears nothing. Safe for
 * threads.
 */
public final class BrokerLine {

  /** The broker's clock and this one may differ, and records may be on their way. */
  static final Duration MARGIN = Duration.ofSeconds(10);

  private Instant upSince;
  private Optional<Instant> seen;

  /**
   * @param now when it answered for the first time
   */
  public BrokerLine(Instant now) {
    this.upSince = now;
    this.seen = Optional.of(now);
  }

  /** The broker answered. */
  public synchronized void up(Instant now) {
    if (seen.isEmpty()) {
      upSince = now;
    }
    seen = Optional.of(now);
  }

  /** The broker did not answer. */
  public synchronized void down() {
    seen = Optional.empty();
  }

  /** From here on a host has its whole time: before, the line could not hear it. */
  public synchronized Instant upSince() {
    return upSince;
  }

  /**
   * How far a partition has been read: to now if nothing waits in it and the broker answers.
   *
   * @param waiting reports in the partition that have not been taken
   * @param taken broker's time of the last one that was
   * @return empty if nothing can be said
   */
  public synchronized Optional<Instant> readTo(long waiting, Instant taken) {
    return waiting == 0 ? seen.map(s -> s.minus(MARGIN)) : Optional.of(taken);
  }
}
