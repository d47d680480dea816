package io.patina.collector.reports;

/** Under which conditions facts are observed now; part of every report's coverage. */
public interface Conditions {
  /**
   * End of the last scan that read every byte in scope, wall clock, microseconds since the epoch; 0
   * if there was none since the start.
   */
  long lastFullCompareMicros();

  /**
   * When everything in scope was last known to be as reported, wall clock, microseconds since the
   * epoch: now only where changes of everything are noticed as they happen.
   */
  long seenMicros();

  /** How changes are noticed: {@code inotify} or {@code polling}; later {@code fanotify}. */
  String watching();

  /** Times that events were lost by the kernel, since the start. */
  long overflows();
}
