package io.patina.collector.agent;

/** Why the collector does not start; the message says what to do. */
public final class StartFailure extends Exception {
  StartFailure(String message) {
    super(message);
  }

  StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
