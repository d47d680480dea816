package io.patina.collector.agent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time that does not pass by itself: it is advanced to the next thing that is due, which is then
 * done at once. All threads are the caller's; what is due now is done inside of who asks for it.
 */
final class AdvancedTime {
  private final Instant start;
  private final TreeMap<Map.Entry<Long, Long>, Runnable> due =
      new TreeMap<>(
          Map.Entry.<Long, Long>comparingByKey().thenComparing(Map.Entry.comparingByValue()));
  private long order;
  private long nanos;

  AdvancedTime(Instant start) {
    this.start = start;
  }

  /** Does everything that becomes due in this time, in order. */
  void advance(Duration by) {
    long end;
    synchronized (this) {
      end = nanos + by.toNanos();
    }
    while (true) {
      Runnable next;
      synchronized (this) {
        if (due.isEmpty() || due.firstKey().getKey() > end) {
          nanos = end;
          return;
        }
        nanos = Math.max(nanos, due.firstKey().getKey());
        next = due.pollFirstEntry().getValue();
      }
      next.run();
    }
  }

  private synchronized void at(long delay, Runnable task) {
    due.put(new SimpleEntry<>(nanos + delay, order++), task);
  }

  private synchronized Instant now() {
    return start.plusNanos(nanos);
  }

  Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  ScheduledExecutorService thread() {
    return new Advanced();
  }

  private final class Advanced extends AbstractExecutorService implements ScheduledExecutorService {
    private boolean shutdown;

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      if (delay <= 0) {
        task.run();
      } else {
        at(unit.toNanos(delay), task);
      }
      return new Ignored();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long first, long delay, TimeUnit unit) {
      at(
          unit.toNanos(first),
          () -> {
            task.run();
            ScheduledFuture<?> unused = scheduleWithFixedDelay(task, delay, delay, unit);
          });
      return new Ignored();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable task, long first, long period, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) {
      return true;
    }
  }

  /** Nobody asks what becomes of a task. */
  private static final class Ignored extends CompletableFuture<@Nullable Void>
      implements ScheduledFuture<@Nullable Void> {
    @Override
    public long getDelay(TimeUnit unit) {
      return 0;
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }
  }
}
