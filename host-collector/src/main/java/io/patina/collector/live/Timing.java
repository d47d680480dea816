package io.patina.collector.live;

import java.time.Duration;

/**
 * How often things are done.
 *
 * @param heartbeat between two heartbeats
 * @param rescan between two scans that read only what looks changed, while watching is complete
 * @param poll the same, while it is not
 * @param rehash between two scans that read every byte
 * @param snapshot between two self-contained snapshots
 * @param coalesce how long the first notice of a change waits for others, to share a delta
 * @param scanThreads threads of the first scan; later ones take one
 */
public record Timing(
    Duration heartbeat,
    Duration rescan,
    Duration poll,
    Duration rehash,
    Duration snapshot,
    Duration coalesce,
    int scanThreads) {}
