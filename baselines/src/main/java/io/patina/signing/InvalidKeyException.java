package io.patina.signing;

/** Text that is not a key that can be used here; the message says why. */
public final class InvalidKeyException extends Exception {

  public InvalidKeyException(String message) {
    super(message);
  }

  public InvalidKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
