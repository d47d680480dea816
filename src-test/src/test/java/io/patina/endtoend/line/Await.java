package io.patina.endtoend.line;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits until something holds, or fails with a sentence that says what was seen last. */
public final class Await {

  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private Await() {}

  /**
   * The value, as soon as there is one.
   *
   * @param what completes the sentence "waited in vain until ..."
   */
  public static <T> T value(String what, Duration limit, Callable<Optional<T>> probe) {
    long deadline = System.nanoTime() + limit.toNanos();
    Optional<Exception> failure;
    do {
      try {
        Optional<T> value = probe.call();
        if (value.isPresent()) {
          return value.get();
        }
        failure = Optional.empty();
      } catch (Exception e) {
        // A part that is down or starting answers with an exception: that is part of waiting.
        failure = Optional.of(e);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (System.nanoTime() - deadline < 0);
    throw new AssertionError(
        "waited " + limit.toSeconds() + " s in vain until " + what,
        failure.isPresent() ? failure.get() : null);
  }

  /** Waits until the condition holds. */
  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    boolean unused =
        value(what, limit, () -> condition.call() ? Optional.of(true) : Optional.empty());
  }

  /** Waits until the probe gives what is expected; fails showing what it gave last. */
  public static <T> void equal(String what, Duration limit, T expected, Callable<T> probe) {
    Seen<T> seen = new Seen<>();
    try {
      until(
          what,
          limit,
          () -> {
            seen.value = probe.call();
            return Objects.equals(expected, seen.value);
          });
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + "\nexpected: " + expected + "\nlast seen: " + seen.value, e.getCause());
    }
  }

  private static final class Seen<T> {
    private @Nullable T value;
  }
}
