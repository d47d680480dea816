package io.patina.collector.syscalls;

/** Why waiting for notices came to an end. */
public enum Wake {
  EVENTS,
  MOUNTS,
  INTERRUPTED,
  TIMEOUT
}
