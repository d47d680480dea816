/**
 * A real Kafka broker in a JVM of its own, without a container: KRaft, one node, loopback.
 *
 * <p>{@link io.patina.stack.broker.BrokerMain} formats the log directory once, starts broker and
 * controller, creates the topics that {@link io.patina.stack.broker.TopicSettings} defines and then
 * writes a ready file. Sized for one machine: small indexes, small segments, few threads.
 */
@NullMarked
package io.patina.stack.broker;

import org.jspecify.annotations.NullMarked;
