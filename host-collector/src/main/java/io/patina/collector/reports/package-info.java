/**
 * What the collector tells the engine: signed snapshots, deltas, heartbeats, announcements.
 *
 * <p>{@link io.patina.collector.reports.HostState} is what the engine will know once everything
 * spooled has arrived; {@link io.patina.collector.reports.Reporting} changes it and spools the
 * report that says so, in one step. An incarnation opens with a snapshot; each report takes the
 * next sequence number; what cannot be kept is replaced by a snapshot and counted as lost.
 */
@NullMarked
package io.patina.collector.reports;

import org.jspecify.annotations.NullMarked;
