package io.patina.collector.reports;

/**
 * Figures of what has been reported since the start.
 *
 * @param facts entries in the state, gaps included
 * @param gaps entries that are gaps
 * @param snapshots snapshots spooled, in whole
 * @param deltas deltas spooled
 * @param changes changes in those deltas
 * @param heartbeats heartbeats spooled
 * @param lost records dropped at the spool's bound or refused by the disk
 * @param owing whether the next thing to be spooled is a snapshot that could not be kept so far
 */
public record Figures(
    long facts,
    long gaps,
    long snapshots,
    long deltas,
    long changes,
    long heartbeats,
    long lost,
    boolean owing) {
  static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, false);
}
