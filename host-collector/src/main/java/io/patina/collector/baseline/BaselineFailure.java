package io.patina.collector.baseline;

/** Something that keeps a command from its work; the message says what and what to do. */
public final class BaselineFailure extends Exception {
  public BaselineFailure(String message) {
    super(message);
  }

  public BaselineFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
