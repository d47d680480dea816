package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.mounts.MountTable;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Neither a race nor a link leads out of the root. */
class ConfinementTest {
  private static final int ROUNDS = 300;

  @TempDir Path tree;

  /**
   * Somebody inside the root swaps a directory, and a file, for a link to what lies outside, as
   * fast as renames go, while the root is walked and single paths are looked at.
   */
  @Test
  @Timeout(120)
  void whoSwapsDirectoriesForLinksDuringTheWalkGetsNothingReadFromOutside() throws Exception {
    Shell.run(
        tree,
        """
        mkdir -p outside/deep root/swapped/deep
        printf secret > outside/deep/data
        printf secret > outside/data
        printf inside > root/swapped/deep/data
        printf inside > root/swapped/data
        printf inside > root/file
        ln -s ../outside root/way-out
        ln -s ../outside/data root/file-out
        """);
    ByteString secret =
        ByteString.copyFrom(
            MessageDigest.getInstance("SHA-256").digest("secret".getBytes(StandardCharsets.UTF_8)));
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong swaps = new AtomicLong();
    Path root = tree.resolve("root");
    Thread swapper = Thread.ofPlatform().start(() -> swap(root, over, swaps));
    long inside = 0;
    try (RootDirectory opened = Walks.open(root)) {
      FileObserver observer = Walks.observer(opened, Scopes.everything());
      RootFiles files = new RootFiles(opened);
      // Until the swapper has come far enough to have been in the way.
      for (int i = 0; i < ROUNDS || swaps.get() < 10L * ROUNDS; i++) {
        Walks walk = Walks.of(opened, Scopes.everything(), MountTable.EMPTY, 1 + i % 2);
        for (Entry entry : walk.found.values()) {
          inside += safe(entry, secret);
        }
        for (String path : new String[] {"/swapped/deep/data", "/swapped/data", "/file"}) {
          if (observer.observe(ByteString.copyFromUtf8(path))
              instanceof Observation.Present present) {
            inside += safe(present.entry(), secret);
          }
          if (files.read(path, 100) instanceof Content.Present content) {
            assertEquals("inside", content.text());
          }
        }
      }
    } finally {
      over.set(true);
      swapper.join();
    }
    assertTrue(inside > 0, "something inside was seen, too");
    assertTrue(swaps.get() >= 10L * ROUNDS);
  }

  private static int safe(Entry entry, ByteString secret) {
    assertFalse(
        entry.attributes().get(Attributes.SHA256).filter(secret::equals).isPresent(),
        () -> entry.key() + " was read from outside");
    return entry.attributes().get(Attributes.SHA256).isPresent() ? 1 : 0;
  }

  private static void swap(Path root, AtomicBoolean over, AtomicLong swaps) {
    try {
      while (!over.get()) {
        Files.move(root.resolve("swapped"), root.resolve("aside"));
        Files.move(root.resolve("way-out"), root.resolve("swapped"));
        Files.move(root.resolve("file"), root.resolve("file-aside"));
        Files.move(root.resolve("file-out"), root.resolve("file"));
        Files.move(root.resolve("swapped"), root.resolve("way-out"));
        Files.move(root.resolve("aside"), root.resolve("swapped"));
        Files.move(root.resolve("file"), root.resolve("file-out"));
        Files.move(
            root.resolve("file-aside"), root.resolve("file"), StandardCopyOption.ATOMIC_MOVE);
        swaps.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void somethingElseThanAFileWhereAFileShouldBeIsUnreadableAndNotOpened() {
    Shell.run(tree, "mkdir etc; mkfifo etc/os-release; mkdir etc/passwd; ln -s loop etc/loop");
    try (RootDirectory root = Walks.open(tree)) {
      RootFiles files = new RootFiles(root);
      assertInstanceOf(Content.Unreadable.class, files.read("/etc/os-release", 100));
      assertInstanceOf(Content.Unreadable.class, files.read("/etc/passwd", 100));
      assertInstanceOf(Content.Absent.class, files.read("/etc/loop", 100));
      assertInstanceOf(Content.Absent.class, files.read("/etc/none", 100));
    }
  }

  @Test
  void linksInDirectoriesOfAnyBytesAreFollowedInsideTheRoot() {
    Shell.run(
        tree,
        """
        d=$(printf 'd\\377')
        mkdir "$d" real
        ln -s /real "$d/link"
        printf x > real/file
        """);
    try (RootDirectory root = Walks.open(tree)) {
      RootFiles files = new RootFiles(root);
      ByteString link =
          ByteString.copyFrom(new byte[] {'/', 'd', (byte) 0xff, '/', 'l', 'i', 'n', 'k'});
      assertEquals("/real", files.link(link).orElseThrow().toStringUtf8());
      assertTrue(files.exists(link));
      assertInstanceOf(
          Content.Present.class,
          files.read(link.concat(ByteString.copyFromUtf8("/file")).toByteArray(), 10));
    }
  }
}
