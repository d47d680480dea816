package io.patina.expectations;

/** A file of expectations that cannot be used; the message names the place and what to write. */
public final class InvalidExpectationsException extends Exception {
  public InvalidExpectationsException(String message) {
    super(message);
  }
}
