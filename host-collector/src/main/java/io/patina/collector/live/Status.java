package io.patina.collector.live;

import io.patina.collector.reports.Figures;

/**
 * How the observation goes, for metrics.
 *
 * @param watching {@code fanotify}, {@code fanotify+inotify}, {@code inotify} or {@code polling}
 * @param watches directories and inodes watched
 * @param events notices received since the start
 * @param overflows times that the kernel dropped notices, since the start
 * @param scans scans since the start
 * @param scanSeconds what the last scan took
 * @param bytesRead of file content, since the start
 */
public record Status(
    Figures figures,
    String watching,
    long watches,
    long events,
    long overflows,
    long scans,
    double scanSeconds,
    long bytesRead) {}
