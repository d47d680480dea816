package io.patina.collector.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageActivityTest {
  @TempDir Path root;

  @BeforeEach
  void database() throws Exception {
    Files.createDirectories(root.resolve("var/lib/dpkg/updates"));
    Files.writeString(root.resolve("var/lib/dpkg/status"), "Package: a\n");
    Files.writeString(root.resolve("var/lib/dpkg/lock"), "");
  }

  @Test
  void aDatabaseAtRestIsNoTransaction() {
    assertFalse(new PackageActivity(root, Path.of("/proc")).inProgress());
  }

  @Test
  void aLockThatSomebodyHoldsIsATransaction() throws Exception {
    PackageActivity activity = new PackageActivity(root, Path.of("/proc"));
    try (FileChannel channel =
            FileChannel.open(root.resolve("var/lib/dpkg/lock"), StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertTrue(lock.isValid());
      assertTrue(activity.inProgress());
    }
  }

  @Test
  void aDatabaseThatChangedIsATransactionThatHasJustEnded() throws Exception {
    PackageActivity activity = new PackageActivity(root, Path.of("/proc"));
    List<String> before = activity.stamp();
    Files.writeString(root.resolve("var/lib/dpkg/status-new"), "Package: a\nPackage: b\n");
    Files.move(
        root.resolve("var/lib/dpkg/status-new"),
        root.resolve("var/lib/dpkg/status"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertTrue(activity.inProgress());
    assertNotEquals(before, activity.stamp());
  }

  @Test
  void aJournalThatWasNotWorkedOffIsATransaction() throws Exception {
    PackageActivity activity = new PackageActivity(root, Path.of("/proc"));
    Files.writeString(root.resolve("var/lib/dpkg/updates/0000"), "");
    assertTrue(activity.inProgress());
  }

  @Test
  void locksAreReadAsTheKernelWritesThem() {
    assertEquals(
        Set.of("131", "77"),
        PackageActivity.parse(
            List.of(
                "1: POSIX  ADVISORY  WRITE 1234 08:01:131 0 EOF",
                "2: FLOCK  ADVISORY  READ  99 00:1f:77 0 100",
                "3: -> POSIX  ADVISORY  WRITE 1 broken")));
  }
}
