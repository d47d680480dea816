package io.patina.engine.metrics;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Registers our collectors where {@code /metrics} reads: on the registry inside Micrometer's. (An
 * injected {@code CollectorRegistry} is another one, and what is registered there is never seen.)
 */
@Singleton
@SuppressWarnings("deprecation") // Micrometer's newer registry is not on simpleclient.
class Registration {

  void register(
      @Observes StartupEvent start,
      PrometheusMeterRegistry micrometer,
      LineFigures line,
      FleetFigures fleet) {
    CollectorRegistry registry = micrometer.getPrometheusRegistry();
    registry.register(line);
    registry.register(fleet);
  }
}
