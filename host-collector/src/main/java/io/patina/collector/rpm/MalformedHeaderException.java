package io.patina.collector.rpm;

/** A header blob that is not what rpm writes; the message says where. */
final class MalformedHeaderException extends Exception {
  MalformedHeaderException(String message) {
    super(message);
  }
}
