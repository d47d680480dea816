package io.patina.scope;

/** A scope file that cannot be used; the message names the line and what to write instead. */
public final class InvalidScopeException extends Exception {
  public InvalidScopeException(String message) {
    super(message);
  }
}
