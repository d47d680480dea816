package io.patina.engine.reading;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness: reports are being read. Down with the reason while ingest waits or has stopped. */
@Readiness
@Singleton
final class IngestHealth implements HealthCheck {

  private final IngestStatus status;

  IngestHealth(IngestStatus status) {
    this.status = status;
  }

  @Override
  public HealthCheckResponse call() {
    var answer = HealthCheckResponse.named("ingest");
    if (status.stoppedBecause().isPresent()) {
      return answer.down().withData("stopped", status.stoppedBecause().get()).build();
    }
    return status
        .waitingFor()
        .map(w -> answer.down().withData("reason", "waiting for " + w).build())
        .orElseGet(() -> answer.up().build());
  }
}
