/**
 * What has to reach Kafka, in order, on disk until Kafka has it.
 *
 * <p>{@link io.patina.collector.spool.Spool} appends records to segments and forces them to disk
 * before it answers; it is read from the oldest record on and cut where the broker has
 * acknowledged. It survives {@code kill -9}, torn writes and a full disk, and is bounded in bytes.
 * An {@link io.patina.collector.spool.Outgoing} is one record: where to, key, value.
 */
@NullMarked
package io.patina.collector.spool;

import org.jspecify.annotations.NullMarked;
