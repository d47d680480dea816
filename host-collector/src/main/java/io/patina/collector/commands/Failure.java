package io.patina.collector.commands;

/** Something that keeps a command from answering; the message says what and what to do. */
final class Failure extends Exception {
  Failure(String message) {
    super(message);
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
