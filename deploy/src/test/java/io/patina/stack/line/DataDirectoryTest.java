package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void aNewDirectoryIsMadeForItsOwnerOnly() throws IOException {
    DataDirectory data = new DataDirectory(parent.resolve("a/b"));
    assertEquals(Optional.empty(), data.claim());
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(data.run("x").getParent())));
    assertEquals(Optional.empty(), data.claim());
  }

  @Test
  void aDirectoryWithSomebodyElsesFilesIsRefusedAndLeftAlone() throws IOException {
    Files.createDirectory(parent.resolve("data"));
    DataDirectory data = new DataDirectory(parent);
    assertTrue(data.claim().orElseThrow().contains("--data"));
    data.purge();
    assertTrue(Files.exists(parent.resolve("data")));
  }

  @Test
  void aFileIsRefused() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "x");
    assertTrue(new DataDirectory(file).claim().orElseThrow().contains("not a directory"));
  }

  @Test
  void purgeRemovesWhatWasMadeAndNothingElse() throws IOException {
    Path outside = Files.writeString(parent.resolve("outside"), "x");
    DataDirectory data = new DataDirectory(parent.resolve("line"));
    assertEquals(Optional.empty(), data.claim());
    Files.createSymbolicLink(data.data("link"), parent);
    Path foreign = Files.writeString(data.root().resolve("notes.txt"), "mine");
    data.purge();
    assertTrue(Files.exists(outside));
    assertTrue(Files.exists(foreign));
    assertFalse(Files.exists(data.data("link").getParent()));
    assertFalse(data.exists());
  }

  @Test
  void purgeRemovesTheDirectoryItselfWhenNothingElseIsInIt() throws IOException {
    DataDirectory data = new DataDirectory(parent.resolve("line"));
    assertEquals(Optional.empty(), data.claim());
    data.purge();
    assertFalse(Files.exists(data.root()));
    data.purge();
  }

  @Test
  void onlyOneHasTheLock() throws IOException {
    DataDirectory data = new DataDirectory(parent.resolve("line"));
    assertEquals(Optional.empty(), data.claim());
    try (FileChannel held = data.lock().orElseThrow()) {
      assertTrue(held.isOpen());
      assertEquals(Optional.empty(), data.lock());
    }
    try (FileChannel again = data.lock().orElseThrow()) {
      assertTrue(again.isOpen());
    }
  }
}
