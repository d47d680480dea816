package io.patina.engine.reading;

import jakarta.inject.Singleton;
import java.util.Optional;

/** Whether ingest goes on, waits or has stopped, and why. Safe for threads. */
@Singleton
public final class IngestStatus {

  private volatile Optional<String> waiting = Optional.of("the start of ingest");
  private volatile Optional<String> stopped = Optional.empty();
  private volatile Optional<String> kafka = Optional.empty();

  /** What ingest waits for; it goes on by itself. */
  public Optional<String> waitingFor() {
    return waiting.isPresent() ? waiting : kafka;
  }

  /** Whether what it waits for is the broker. */
  public boolean isBrokerAway() {
    return waitingFor().filter(w -> w.startsWith("Kafka: ")).isPresent();
  }

  /** Why ingest has stopped until a person acts. */
  public Optional<String> stoppedBecause() {
    return stopped;
  }

  void waits(String reason) {
    waiting = Optional.of(reason);
  }

  void goesOn() {
    waiting = Optional.empty();
  }

  void stopped(String reason) {
    stopped = Optional.of(reason);
  }

  void kafkaAway(String reason) {
    kafka = Optional.of(reason);
  }

  void kafkaAnswers() {
    kafka = Optional.empty();
  }
}
