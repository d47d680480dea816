package io.patina.collector.commands;

import io.patina.collector.files.WalkProgress;
import io.patina.collector.syscalls.Terminal;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A line on the terminal that says how far the walk has come; nothing where there is none. */
final class ProgressLine {
  private static final int WIDTH = 24;
  private static final String CLEAR = "\r\u001b[K";

  private final WalkProgress progress;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;
  private final long started = System.nanoTime();

  private ProgressLine(WalkProgress progress) {
    this.progress = progress;
    this.thread = Thread.ofPlatform().name("patina-progress").daemon().unstarted(this::show);
  }

  static ProgressLine start(WalkProgress progress) {
    ProgressLine line = new ProgressLine(progress);
    if (Terminal.is(Terminal.ERROR)) {
      line.thread.start();
    }
    return line;
  }

  private void show() {
    try {
      for (int step = 0; !over.await(120, TimeUnit.MILLISECONDS); step++) {
        double seconds = (System.nanoTime() - started) / 1e9;
        System.err.print(
            CLEAR
                + String.format(
                    Locale.ROOT,
                    "[%s] %,d files, %.1f GB read, %.0f s",
                    bar(step),
                    progress.entries(),
                    progress.bytes() / 1e9,
                    seconds));
        System.err.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.err.print(CLEAR);
    System.err.flush();
  }

  /** A block that goes to and fro: how many files there are is only known at the end. */
  private static String bar(int step) {
    int range = WIDTH - 4;
    int at = step % (2 * range);
    int left = at < range ? at : 2 * range - at;
    return " ".repeat(left) + "====" + " ".repeat(range - left);
  }

  void close() {
    over.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
