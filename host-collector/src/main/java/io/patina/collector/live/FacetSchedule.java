package io.patina.collector.live;

import io.patina.collector.watching.Watching;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * When the facets other than files are read: soon after something pointed to a change, and again
 * and again where nobody would tell.
 */
final class FacetSchedule {
  private static final Duration POLL = Duration.ofSeconds(2);

  /** What comes together is read once. */
  private static final Duration REST = Duration.ofMillis(400);

  /** A facet that changes all the time is read in at most a twentieth of the time. */
  private static final int SHARE = 20;

  /** Between two readings of the mount table where the kernel tells when it changes. */
  private static final Duration MOUNT_NET = Duration.ofMinutes(5);

  /** When a facet was read last, by {@link System#nanoTime}, and what that took. */
  private record Reading(long at, long nanos) {}

  private final List<FacetReader> readers;
  private final Watching watching;
  private final Worker worker;
  private final BiConsumer<Facet, List<Entry>> found;
  private final Set<Facet> moved = ConcurrentHashMap.newKeySet();
  // Of the worker's thread.
  private final Map<Facet, Reading> last = new EnumMap<>(Facet.class);

  /**
   * @param worker reads, one facet after the other
   * @param found takes what was read, ascending by key
   */
  FacetSchedule(
      List<FacetReader> readers,
      Watching watching,
      Worker worker,
      BiConsumer<Facet, List<Entry>> found) {
    this.readers = readers;
    this.watching = watching;
    this.worker = worker;
    this.found = found;
  }

  /** Begins; all were read a moment ago. */
  void start() {
    long now = System.nanoTime();
    worker.run(() -> readers.forEach(r -> last.put(r.facet(), new Reading(now, 0))));
    readers.forEach(r -> r.listen(() -> moved(r)));
    worker.every(POLL, this::poll);
  }

  void stop() {
    readers.forEach(FacetReader::stopListening);
  }

  private void poll() {
    for (FacetReader r : readers) {
      boolean told = r.facet() == Facet.MOUNT && watching.tellsOfMounts();
      if (sinceLast(r).compareTo(told ? MOUNT_NET : r.interval()) >= 0) {
        read(r);
      }
    }
  }

  private Duration sinceLast(FacetReader reader) {
    Reading before = last.get(reader.facet());
    return before == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - before.at());
  }

  /** Something points to a change. From any thread. */
  private void moved(FacetReader reader) {
    if (moved.add(reader.facet())) {
      worker.after(REST, () -> readRested(reader));
    }
  }

  private void readRested(FacetReader reader) {
    Reading before = last.get(reader.facet());
    Duration rest = Duration.ofNanos(before == null ? 0 : before.nanos() * SHARE);
    Duration left = rest.minus(sinceLast(reader));
    if (left.isPositive()) {
      worker.after(left, () -> readRested(reader));
    } else {
      moved.remove(reader.facet());
      read(reader);
    }
  }

  /** The facet has to be read anew, if it is observed. From any thread. */
  void moved(Facet facet) {
    readers.stream().filter(r -> r.facet() == facet).forEach(this::moved);
  }

  private void read(FacetReader reader) {
    long start = System.nanoTime();
    List<Entry> entries = reader.read();
    long end = System.nanoTime();
    last.put(reader.facet(), new Reading(end, end - start));
    found.accept(reader.facet(), entries);
  }
}
