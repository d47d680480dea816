package io.patina.engine.ingest;

import java.time.Duration;

/**
 * How long work may go on that must not hold up reports. At least one host is worked on in any
 * case; what is left has its turn after the next reports.
 *
 * @param until by {@link System#nanoTime}
 */
public record Slice(long until, boolean bounded) {

  /** Work ends when it is done. */
  static final Slice UNBOUNDED = new Slice(0, false);

  public static Slice of(Duration length) {
    return new Slice(System.nanoTime() + length.toNanos(), true);
  }

  public boolean isOver() {
    return bounded && System.nanoTime() - until >= 0;
  }
}
