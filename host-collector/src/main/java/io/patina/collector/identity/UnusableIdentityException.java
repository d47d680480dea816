package io.patina.collector.identity;

/** The identity in the state directory is damaged; the message names the file. */
public final class UnusableIdentityException extends Exception {
  public UnusableIdentityException(String message, Throwable cause) {
    super(message, cause);
  }
}
