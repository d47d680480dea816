package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.identity.HostClock;
import io.patina.collector.watching.Watching;
import io.patina.collector.writers.Writer;
import io.patina.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Paths that wait to be looked at, each once, in the order of the first notice. Safe for many
 * threads.
 *
 * <p>A path whose last look took much of the CPU is not looked at again before twenty times that
 * long has passed, or a minute: a large file that changes all day costs at most a twentieth of a
 * core.
 */
final class Pending implements Watching.Listener {
  /** Beyond this many a rescan is cheaper, and memory is bounded. */
  private static final int MOST = 50_000;

  private static final int EXPENSIVE_KEPT = 1024;
  private static final long EXPENSIVE_NANOS = 5_000_000;
  private static final int REST = 20;
  private static final long MOST_REST_NANOS = 60_000_000_000L;

  /**
   * One path.
   *
   * @param noticedMicros microseconds since the epoch, 0 if found by a scan
   * @param tree whether everything below is to be looked at
   * @param attempts looks that found it changing
   * @param writer the last one known
   */
  record Touched(ByteString path, long noticedMicros, boolean tree, int attempts, Writer writer) {
    /** This one, and another that came later. */
    private Touched and(Touched later) {
      return new Touched(
          path,
          noticedMicros,
          tree || later.tree,
          attempts,
          later.writer.isKnown() ? later.writer : writer);
    }
  }

  private final Scope scope;
  private final HostClock clock;
  private final Runnable wake;
  private final Consumer<String> rescan;
  private final Runnable mounts;
  // Guarded by this.
  private final Map<ByteString, Touched> waiting = new LinkedHashMap<>();
  private final Map<ByteString, Long> notBefore = new LinkedHashMap<>();
  private @Nullable Set<ByteString> recorded;

  /**
   * @param mounts told when something was mounted or unmounted
   */
  Pending(Scope scope, HostClock clock, Runnable wake, Consumer<String> rescan, Runnable mounts) {
    this.scope = scope;
    this.clock = clock;
    this.wake = wake;
    this.rescan = rescan;
    this.mounts = mounts;
  }

  @Override
  public void touched(ByteString path, Writer writer) {
    add(new Touched(path, clock.micros(), false, 0, writer));
  }

  @Override
  public void appeared(ByteString directory, Writer writer) {
    add(new Touched(directory, clock.micros(), true, 0, writer));
  }

  @Override
  public void mounted() {
    mounts.run();
  }

  @Override
  public void lost(String reason) {
    rescan.accept(reason);
  }

  void add(Touched touched) {
    ByteString path = touched.path();
    if (isKnown(touched)) {
      return;
    }
    if (!scope.observesPath(path) && !scope.entersDirectory(path)) {
      return;
    }
    boolean full;
    synchronized (this) {
      Touched before = waiting.get(path);
      if (before == null) {
        waiting.put(path, touched);
      } else {
        waiting.put(path, before.and(touched));
      }
      if (recorded != null) {
        recorded.add(path);
      }
      full = waiting.size() > MOST;
      if (full) {
        waiting.clear();
        if (recorded != null) {
          recorded.clear();
          recorded.add(ROOT);
        }
      }
    }
    if (full) {
      rescan.accept("backlog");
    } else {
      wake.run();
    }
  }

  private static final ByteString ROOT = ByteString.copyFromUtf8("/");

  /** Asked first, because matching the scope costs more. */
  private synchronized boolean isKnown(Touched touched) {
    Touched before = waiting.get(touched.path());
    return before != null
        && (before.tree() || !touched.tree())
        && (!touched.writer().isKnown() || touched.writer().equals(before.writer()))
        && (recorded == null || recorded.contains(touched.path()));
  }

  /** Takes what is due now. */
  synchronized List<Touched> take() {
    long now = System.nanoTime();
    List<Touched> due = new ArrayList<>();
    for (Iterator<Touched> all = waiting.values().iterator(); all.hasNext(); ) {
      Touched t = all.next();
      Long from = notBefore.get(t.path());
      if (from == null || from - now <= 0) {
        due.add(t);
        all.remove();
      }
    }
    return due;
  }

  /** Whether something waits, due or not. */
  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Tells what a look at this path took.
   *
   * @param nanos of CPU
   */
  synchronized void took(ByteString path, long nanos) {
    notBefore.remove(path);
    if (nanos >= EXPENSIVE_NANOS) {
      notBefore.put(path, System.nanoTime() + Math.min(MOST_REST_NANOS, nanos * REST));
      if (notBefore.size() > EXPENSIVE_KEPT) {
        notBefore.remove(notBefore.keySet().iterator().next());
      }
    }
  }

  /** Looks again later at a path that was found changing. */
  void retry(Touched touched, Duration after) {
    synchronized (this) {
      notBefore.put(touched.path(), System.nanoTime() + after.toNanos());
    }
    add(
        new Touched(
            touched.path(),
            touched.noticedMicros(),
            touched.tree(),
            touched.attempts() + 1,
            touched.writer()));
  }

  /** Begins to record which paths are touched, for as long as a rescan runs. */
  synchronized void record() {
    recorded = new HashSet<>(waiting.keySet());
  }

  /** What was recorded so far. */
  synchronized Set<ByteString> recorded() {
    return recorded == null ? Set.of() : Set.copyOf(recorded);
  }

  /** Ends the record. */
  synchronized void recordNoMore() {
    recorded = null;
  }
}
