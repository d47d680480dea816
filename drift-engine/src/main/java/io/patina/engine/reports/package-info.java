/**
 * What hosts say, before anything of it has an effect.
 *
 * <p>{@link io.patina.engine.reports.ReportDecoder} decodes and verifies a record, totally and
 * before any transaction: a {@link io.patina.engine.reports.Decoded} is accepted with its {@link
 * io.patina.engine.reports.Content}, or refused for a {@link io.patina.engine.reports.Refusal}.
 * {@link io.patina.engine.reports.Continuity} says how a report follows what was heard before,
 * {@link io.patina.engine.reports.SnapshotAssembly} puts the parts of a snapshot together, {@link
 * io.patina.engine.reports.Machines} reads who a host says that it is.
 */
@NullMarked
package io.patina.engine.reports;

import org.jspecify.annotations.NullMarked;
