package io.patina.collector.live;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One thread that does tasks in order, now or later. What a task throws goes to one place. */
final class Worker {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ScheduledExecutorService executor;
  private final Consumer<Throwable> trouble;

  Worker(ScheduledExecutorService executor, Consumer<Throwable> trouble) {
    this.executor = executor;
    this.trouble = trouble;
  }

  /** One daemon thread that drops what waits when it is shut down. */
  static ScheduledExecutorService thread(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name(name).daemon().unstarted(task));
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    return executor;
  }

  /** Does a task after those that wait already; after {@link #stop} it is dropped. */
  void run(Runnable task) {
    after(Duration.ZERO, task);
  }

  void after(Duration delay, Runnable task) {
    try {
      // The future would hold what the task threw; guarded() has told already.
      var unused = executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      if (!executor.isShutdown()) {
        throw e;
      }
    }
  }

  /** Does a task again and again, with this pause before each time. */
  void every(Duration pause, Runnable task) {
    var unused =
        executor.scheduleWithFixedDelay(
            guarded(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        if (!executor.isShutdown()) {
          trouble.accept(e);
        }
      }
    };
  }

  /** Drops what waits and gives the running task some seconds; answers whether it ended. */
  boolean stop() throws InterruptedException {
    executor.shutdown();
    return executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
