/**
 * Figures at {@code /metrics}, prefix {@code patina_}, by Prometheus simpleclient.
 *
 * <p>Two kinds. What a replica itself does and owns ({@link io.patina.engine.metrics.LineFigures}:
 * reports, deviations opened and closed, lag of its partitions): every replica exports its own, and
 * sums over replicas are right. What is true of the fleet ({@link
 * io.patina.engine.metrics.FleetFigures}: hosts by verdict, hosts that need attention): only the
 * replica that holds {@link io.patina.engine.metrics.Speaker} exports it, so that two replicas do
 * not double it.
 */
@NullMarked
package io.patina.engine.metrics;

import org.jspecify.annotations.NullMarked;
