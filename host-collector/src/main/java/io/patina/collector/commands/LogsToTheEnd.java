package io.patina.collector.commands;

import java.util.logging.LogManager;

/**
 * Keeps logging while the process ends. The JDK's own manager takes all handlers away as soon as a
 * shutdown begins, in a thread of its own, and with them what the orderly end has to say. Named by
 * the property {@code java.util.logging.manager}, before anything logs.
 */
public final class LogsToTheEnd extends LogManager {
  @Override
  public void reset() {
    // Nobody here asks for it but the shutdown hook.
  }
}
