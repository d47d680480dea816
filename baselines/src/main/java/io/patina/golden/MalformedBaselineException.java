package io.patina.golden;

/** A statement that is no golden baseline; the message says what is wrong. */
public final class MalformedBaselineException extends Exception {
  public MalformedBaselineException(String message, Throwable cause) {
    super(message, cause);
  }
}
