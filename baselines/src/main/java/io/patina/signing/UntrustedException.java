package io.patina.signing;

/** Bytes whose signature does not count here; the message says which step failed. */
public final class UntrustedException extends Exception {

  public UntrustedException(String message) {
    super(message);
  }

  public UntrustedException(String message, Throwable cause) {
    super(message, cause);
  }
}
