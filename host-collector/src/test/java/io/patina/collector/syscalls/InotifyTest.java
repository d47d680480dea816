package io.patina.collector.syscalls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyTest {
  @TempDir Path directory;

  @Test
  void aChangeInAWatchedDirectoryIsTold() throws Exception {
    try (Inotify inotify = open()) {
      int watch =
          inotify.watch(
              directory.toString().getBytes(StandardCharsets.UTF_8),
              Inotify.CREATE | Inotify.CLOSE_WRITE | Inotify.DELETE);
      assertTrue(watch > 0);
      Files.writeString(directory.resolve("file"), "x");
      assertEquals(Wake.EVENTS, inotify.await(Duration.ofSeconds(10)));
      List<String> seen = new ArrayList<>();
      inotify.drain(
          (descriptor, mask, cookie, name) ->
              seen.add(
                  (descriptor == watch)
                      + " "
                      + Integer.toHexString(mask)
                      + " "
                      + new String(name, StandardCharsets.UTF_8)));
      assertEquals(List.of("true 100 file", "true 8 file"), seen);
      assertEquals(0, inotify.unwatch(watch));
      assertEquals(
          -Errno.ENOENT,
          inotify.watch("/no/such/path".getBytes(StandardCharsets.UTF_8), Inotify.CREATE));
    }
  }

  @Test
  void waitingCanBeInterruptedByAnotherThread() throws Exception {
    try (Inotify inotify = open()) {
      Thread other = Thread.ofPlatform().start(inotify::interrupt);
      assertEquals(Wake.INTERRUPTED, inotify.await(Duration.ofMinutes(1)));
      other.join();
      assertEquals(Wake.TIMEOUT, inotify.await(Duration.ofMillis(1)));
    }
  }

  private static Inotify open() {
    return assertInstanceOf(Inotify.Opening.Ready.class, Inotify.open()).inotify();
  }
}
