/**
 * From records of Kafka to rows, each with its effect exactly once.
 *
 * <p>{@link io.patina.engine.ingest.IngestLoop} polls; {@link
 * io.patina.engine.ingest.ReportDecoder} decodes and verifies, totally and before any transaction;
 * {@link io.patina.engine.ingest.Slices} gives each partition's slice one transaction that begins
 * with the fence of its {@link io.patina.engine.ingest.Lane}; {@link
 * io.patina.engine.ingest.HostReports} applies one report to one {@link
 * io.patina.engine.ingest.Host}; {@link io.patina.engine.ingest.Timers} does what time alone does,
 * under the same fence. What cannot be accepted becomes a dead letter.
 */
@NullMarked
package io.patina.engine.ingest;

import org.jspecify.annotations.NullMarked;
