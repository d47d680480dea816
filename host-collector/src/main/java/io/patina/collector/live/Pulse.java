package io.patina.collector.live;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A number that grows as long as the observation is alive: with each turn of the thread that holds
 * the state, and with each file that a scan looks at. Whoever sees it stand still for minutes knows
 * that something hangs. Safe for several threads.
 */
public final class Pulse {
  private final AtomicLong beats = new AtomicLong();
  private volatile LongSupplier work = () -> 0;

  void beat() {
    beats.incrementAndGet();
  }

  /** Work that also counts as being alive. */
  void follow(LongSupplier progress) {
    // What was counted before must not be taken back.
    long before = work.getAsLong();
    work = () -> before + progress.getAsLong();
  }

  public long count() {
    return beats.get() + work.getAsLong();
  }
}
