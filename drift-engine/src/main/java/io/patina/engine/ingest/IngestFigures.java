package io.patina.engine.ingest;

import io.patina.engine.reports.Refusal;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What this replica has done since it started, for metrics. Safe for threads. */
@Singleton
public final class IngestFigures {

  /**
   * How far a partition that this replica owns has been read.
   *
   * @param lag records that wait in it
   * @param oldest append time of the last record taken; records up to now wait if lag is not 0
   */
  public record Progress(long lag, Instant oldest) {}

  private final ConcurrentMap<String, LongAdder> reports = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> opened = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> closed = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Progress> progress = new ConcurrentHashMap<>();
  private final LongAdder fencesLost = new LongAdder();

  /**
   * Reports by outcome: {@code snapshot}, {@code delta}, {@code heartbeat}, {@code announcement},
   * {@code duplicate}, or a {@link Refusal}.
   */
  public Map<String, Long> reports() {
    return copy(reports);
  }

  /** Deviations opened, by facet. */
  public Map<String, Long> opened() {
    return copy(opened);
  }

  /** Deviations closed, by facet. */
  public Map<String, Long> closed() {
    return copy(closed);
  }

  /** Partitions that this replica owns. */
  public Map<Integer, Progress> progress() {
    return new TreeMap<>(progress);
  }

  /** How often another replica had gone on where this one thought it owned a partition. */
  public long fencesLost() {
    return fencesLost.sum();
  }

  void report(String outcome) {
    count(reports, outcome);
  }

  void opened(String facet) {
    count(opened, facet);
  }

  void closed(String facet) {
    count(closed, facet);
  }

  public void progress(int part, Progress now) {
    progress.put(part, now);
  }

  public void gone(int part) {
    progress.remove(part);
  }

  void fenceLost() {
    fencesLost.increment();
  }

  private static void count(ConcurrentMap<String, LongAdder> figures, String name) {
    figures.computeIfAbsent(name, n -> new LongAdder()).increment();
  }

  private static Map<String, Long> copy(ConcurrentMap<String, LongAdder> figures) {
    Map<String, Long> copy = new TreeMap<>();
    figures.forEach((name, adder) -> copy.put(name, adder.sum()));
    return copy;
  }
}
