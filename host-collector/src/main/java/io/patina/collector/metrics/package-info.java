/**
 * The collector's figures for Prometheus, by simpleclient, on loopback.
 *
 * <p>{@link io.patina.collector.metrics.CollectorMetrics} reads everything when it is asked and
 * keeps nothing; {@link io.patina.collector.metrics.MetricsServer} answers {@code /metrics}.
 */
@NullMarked
package io.patina.collector.metrics;

import org.jspecify.annotations.NullMarked;
