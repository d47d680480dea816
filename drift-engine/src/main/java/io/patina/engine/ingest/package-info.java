/**
 * From decoded reports to rows, each with its effect exactly once.
 *
 * <p>{@link io.patina.engine.ingest.Slices} gives each partition's slice one transaction that
 * begins with the fence of its {@link io.patina.engine.ingest.Lane}; {@link
 * io.patina.engine.ingest.HostReports} applies one report to one {@link
 * io.patina.engine.ingest.Host}, {@link io.patina.engine.ingest.Comparing} turns what differs into
 * deviations, {@link io.patina.engine.ingest.Judging} into a verdict; {@link
 * io.patina.engine.ingest.Timers} does what time alone does, under the same fence. All that a
 * transaction leaves is gathered in its {@link io.patina.engine.ingest.SliceWork} and written once;
 * what cannot be accepted becomes a dead letter.
 */
@NullMarked
package io.patina.engine.ingest;

import org.jspecify.annotations.NullMarked;
