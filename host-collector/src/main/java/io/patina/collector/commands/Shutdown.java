package io.patina.collector.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this host, and not just the collector, is going down. */
final class Shutdown {
  /** Written by systemd for the reason of a shutdown that is under way or planned. */
  private static final Path SCHEDULED = Path.of("/run/systemd/shutdown/scheduled");

  /** Made by systemd when it stops all units, so that nobody logs in any more. */
  private static final Path NO_LOGIN = Path.of("/run/nologin");

  private Shutdown() {}

  /** True while systemd stops everything in order to reboot or halt. */
  static boolean isRebooting() {
    if (!Files.exists(NO_LOGIN)) {
      return false;
    }
    try {
      return !Files.exists(SCHEDULED)
          || Files.readString(SCHEDULED, StandardCharsets.UTF_8).contains("MODE=reboot");
    } catch (IOException e) {
      // It went away with everything else.
      return true;
    }
  }
}
