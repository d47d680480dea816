package io.patina.imports;

/** A source that cannot be imported; the message names the line or entry and says why. */
public final class InvalidImportException extends Exception {

  public InvalidImportException(String message) {
    super(message);
  }

  public InvalidImportException(String message, Throwable cause) {
    super(message, cause);
  }
}
