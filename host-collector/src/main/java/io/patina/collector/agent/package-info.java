/**
 * The running collector: every room joined, from a configuration to a process that reports.
 *
 * <p>{@link io.patina.collector.agent.Agent} opens the state directory, the spool, the delivery and
 * the metrics, begins to observe, and ends all of it in order.
 */
@NullMarked
package io.patina.collector.agent;

import org.jspecify.annotations.NullMarked;
