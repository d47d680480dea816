package io.patina.collector.scanning;

import io.patina.collector.files.Pace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps scans, one after the other on one thread, below a share of one core and a rate of bytes: a
 * scan that is ahead of its budget sleeps until it is not. Nothing is skipped; it takes longer.
 */
public final class Budget {
  /** The clocks that a scan is held to. */
  interface Clocks {
    /** This machine's. */
    Clocks SYSTEM =
        new Clocks() {
          private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

          @Override
          public long cpuNanos() {
            return THREADS.getCurrentThreadCpuTime();
          }

          @Override
          public long nanos() {
            return System.nanoTime();
          }

          @Override
          public void park(long nanos) {
            LockSupport.parkNanos(nanos);
          }
        };

    /** What this thread has used. */
    long cpuNanos();

    /** What has passed. */
    long nanos();

    /** Lets so much pass, or less. */
    void park(long nanos);
  }

  /** Paths between two looks at the clocks, some 100 microseconds of work. */
  private static final int PATHS = 64;

  /** Shorter sleeps than this cost more than they keep. */
  private static final long LEAST_NANOS = 2_000_000;

  private static final long MOST_NANOS = 200_000_000;

  private final double cpuShare;
  private final long bytesPerSecond;
  private final Clocks clocks;
  private final AtomicLong sleptNanos = new AtomicLong();
  private volatile boolean cancelled;

  /**
   * @param cpuShare of one core, over 0
   * @param bytesPerSecond of content read, over 0; {@link Long#MAX_VALUE} for any
   */
  public Budget(double cpuShare, long bytesPerSecond) {
    this(cpuShare, bytesPerSecond, Clocks.SYSTEM);
  }

  /** The same by other clocks. */
  Budget(double cpuShare, long bytesPerSecond, Clocks clocks) {
    this.clocks = clocks;
    this.cpuShare = cpuShare;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** How long scans were held up so far, in nanoseconds. */
  public long sleptNanos() {
    return sleptNanos.get();
  }

  /** Ends the scan that runs, by a {@link CancellationException}, and every later one. */
  public void cancel() {
    cancelled = true;
  }

  /** The pace of a scan that begins now, on this thread. */
  public Pace begin() {
    return new Pace() {
      private final long start = clocks.nanos();
      private final long cpuStart = clocks.cpuNanos();
      private int paths;
      private long bytes;

      @Override
      public void looked() {
        if (++paths % PATHS == 0) {
          keep();
        }
      }

      @Override
      public void read(int more) {
        bytes += more;
        keep();
      }

      private boolean stopping() {
        return cancelled || Thread.currentThread().isInterrupted();
      }

      private void keep() {
        long cpu = clocks.cpuNanos() - cpuStart;
        long due = Math.max((long) (cpu / cpuShare), (long) (bytes * 1e9 / bytesPerSecond));
        long ahead = due - (clocks.nanos() - start);
        while (ahead > LEAST_NANOS && !stopping()) {
          long before = clocks.nanos();
          clocks.park(Math.min(ahead, MOST_NANOS));
          sleptNanos.addAndGet(clocks.nanos() - before);
          ahead = due - (clocks.nanos() - start);
        }
        if (stopping()) {
          throw new CancellationException("the collector is stopping");
        }
      }
    };
  }
}
