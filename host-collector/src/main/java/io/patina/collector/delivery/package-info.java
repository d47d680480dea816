/**
 * From the spool to Kafka: in order, one request in flight, acknowledged only after every replica.
 *
 * <p>{@link io.patina.collector.delivery.Delivery} runs on a thread of its own and never gives up:
 * while Kafka is away the spool grows. After a crash records may be sent twice; the engine removes
 * them by their sequence number. {@link io.patina.collector.delivery.Pauses} spreads a fleet.
 */
@NullMarked
package io.patina.collector.delivery;

import org.jspecify.annotations.NullMarked;
