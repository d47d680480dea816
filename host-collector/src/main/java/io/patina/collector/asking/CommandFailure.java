package io.patina.collector.asking;

/** Something that keeps a command from its work; the message says what and what to do. */
public final class CommandFailure extends Exception {
  public CommandFailure(String message) {
    super(message);
  }

  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
