package io.patina.manifest;

/** Bytes that are not a manifest; the message says where and why. */
public final class MalformedManifestException extends Exception {

  public MalformedManifestException(String message) {
    super(message);
  }

  public MalformedManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
