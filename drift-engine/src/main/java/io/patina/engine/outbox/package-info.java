/**
 * What leaves through Kafka: written in the transaction that caused it, sent afterwards.
 *
 * <p>{@link io.patina.engine.outbox.Outbox} is the SQL, {@link
 * io.patina.engine.outbox.OutboxSender} sends. A sender locks a shard's row while it sends, so that
 * one host's events leave in order whatever number of replicas run; delivery is at least once.
 */
@NullMarked
package io.patina.engine.outbox;

import org.jspecify.annotations.NullMarked;
