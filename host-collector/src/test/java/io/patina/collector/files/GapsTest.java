package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.reports.HostState;
import io.patina.collector.syscalls.Unprivileged;
import io.patina.facts.Entry;
import io.patina.facts.Gap;
import io.patina.manifest.ManifestBuilder;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever cannot be observed is a gap that says why, and counts. */
class GapsTest {
  @TempDir Path tree;

  @Test
  void whatOneMayNotReadIsAGapAndWhatLiesBelowItToo() {
    Shell.run(
        tree,
        """
        chmod 755 .
        mkdir shut names
        touch shut/x names/file
        mkdir names/below
        printf a > closed
        chmod 700 shut
        chmod 600 closed
        chmod 744 names
        """);
    Unprivileged.run(
        () -> {
          Walks walk = Walks.of(tree);
          assertEquals("directory", walk.text("/shut", "type"));
          assertTrue(walk.gap("/shut/").prefix());
          assertEquals(Gap.PERMISSION, walk.gap("/shut/").reason());
          assertEquals(Gap.PERMISSION, walk.gap("/closed").reason());
          // Names can be listed here and nothing else: what is a directory may hold more.
          assertEquals(Gap.PERMISSION, walk.gap("/names/below").reason());
          assertTrue(walk.gap("/names/below/").prefix());
          assertEquals(gaps(walk), counted(walk));
          assertEquals(6, counted(walk));
        });
  }

  @Test
  void aRootThatCannotBeListedIsOneGapOverEverything() {
    assumeTrue(Walks.isRoot(), "only a root that another user owns can be closed to this one");
    Shell.run(tree, "chmod 755 .; mkdir root; touch root/x; chmod 711 root");
    Unprivileged.run(
        () -> {
          Walks walk = Walks.of(tree.resolve("root"));
          assertEquals(Set.of("/"), walk.found.keySet());
          assertTrue(walk.gap("/").prefix());
          assertEquals(Gap.PERMISSION, walk.gap("/").reason());
          assertEquals(1, counted(walk));
        });
  }

  @Test
  void whatTheKernelCannotReadIsAnIoError() {
    // A file that is there, and whose first byte no process has.
    try (RootDirectory root = Walks.open(Path.of("/proc/self"))) {
      Observation seen =
          Walks.observer(root, Scopes.everything()).observe(ByteString.copyFromUtf8("/mem"));
      assertEquals(
          Gap.IO_ERROR,
          assertInstanceOf(Observation.Missed.class, seen).gap().gap().orElseThrow().reason());
    }
  }

  @Test
  void aDirectoryOnABrokenFileSystemIsAGapOverWhatIsBelow() {
    assumeTrue(Walks.isRoot(), "mounting an image needs root");
    assumeTrue(
        Shell.succeeds(tree, "command -v mkfs.ext4 debugfs"),
        "mkfs.ext4 is not installed (Debian: e2fsprogs)");
    boolean mounted =
        Shell.succeeds(
            tree,
            """
            mkdir content m
            mkdir content/broken content/whole
            touch content/broken/x content/whole/y
            truncate -s 4M image
            mkfs.ext4 -q -b 4096 -O metadata_csum,^inline_data -d content image
            block=$(debugfs -R 'blocks /broken' image 2>/dev/null)
            dd if=/dev/urandom of=image bs=4096 seek=$block count=1 conv=notrunc 2>/dev/null
            mount -o loop,ro,errors=continue image m
            """);
    assumeTrue(mounted, "this kernel mounts no image of ext4");
    try {
      Walks walk = Walks.of(tree.resolve("m"));
      assertEquals("file", walk.text("/whole/y", "type"));
      assertEquals("directory", walk.text("/broken", "type"));
      assertEquals(Gap.IO_ERROR, walk.gap("/broken/").reason());
      assertTrue(walk.gap("/broken/").prefix());
      assertEquals(1, counted(walk));
    } finally {
      Shell.run(tree, "umount m");
    }
  }

  @Test
  void aFileLongerThanAnybodyWouldReadIsALimit() {
    Shell.run(tree, "truncate -s 257G endless; truncate -s 10 short");
    Walks walk = Walks.of(tree);
    assertEquals(Gap.LIMIT, walk.gap("/endless").reason());
    assertEquals("10", walk.text("/short", "size"));
    assertEquals(1, counted(walk));
  }

  @Test
  void aRemoteFileSystemIsUnsupportedAndNotEvenTouched() {
    Shell.run(tree, "mkdir net; touch net/x");
    MountTable mounts =
        MountTable.parse(
            """
            1 0 8:1 / / rw - ext4 /dev/sda1 rw
            3 1 0:9 / /net rw - nfs4 server:/ rw
            """
                .getBytes(StandardCharsets.UTF_8));
    try (RootDirectory root = Walks.open(tree)) {
      Walks walk = Walks.of(root, Scopes.everything(), mounts, 1);
      assertEquals(Gap.UNSUPPORTED, walk.gap("/net").reason());
      assertEquals(Gap.UNSUPPORTED, walk.gap("/net/").reason());
      assertTrue(walk.gap("/net/").prefix());
      assertEquals(2, counted(walk));
    }
  }

  /** Appends as fast as it can. Any state of the file is so many times the same byte. */
  @Test
  @Timeout(120)
  void aFileThatIsBeingWrittenIsReadAgainAndThenReportedAsChanging() throws Exception {
    Path file = tree.resolve("log");
    Files.write(file, filled(8 << 20));
    AtomicBoolean enough = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  byte[] more = filled(512);
                  try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
                    // The file system of the test has room for so much and no more.
                    for (int i = 0; i < 1_000_000 && !enough.get(); i++) {
                      out.write(more);
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    boolean changing = false;
    try (RootDirectory root = Walks.open(tree)) {
      FileObserver observer = Walks.observer(root, Scopes.everything());
      while (!changing && writer.isAlive()) {
        Observation seen = observer.observe(ByteString.copyFromUtf8("/log"));
        if (seen instanceof Observation.Missed missed) {
          assertEquals(Gap.CHANGING, missed.gap().gap().orElseThrow().reason());
          changing = true;
        } else {
          untorn(assertInstanceOf(Observation.Present.class, seen).entry());
        }
      }
      enough.set(true);
      writer.join();
      assertTrue(changing, "never once was it caught changing");
      untorn(
          assertInstanceOf(
                  Observation.Present.class, observer.observe(ByteString.copyFromUtf8("/log")))
              .entry());
    }
  }

  private static void untorn(Entry entry) throws Exception {
    int size = Integer.parseInt(entry.attributes().shown("size").orElseThrow());
    assertArrayEquals(
        MessageDigest.getInstance("SHA-256").digest(filled(size)),
        entry.attributes().get("sha256").orElseThrow().toByteArray());
  }

  @Test
  void whatIsExcludedIsNoGap() {
    Shell.run(tree, "chmod 755 .; mkdir shut; touch shut/x; chmod 700 shut");
    Scope scope = Scopes.of(List.of("/**"), List.of("/shut/**"), Scopes.ATTRIBUTES);
    Unprivileged.run(() -> assertEquals(0, counted(Walks.of(tree, scope, 1))));
    assertFalse(Walks.of(tree, scope, 1).found.containsKey("/shut"));
  }

  /** As the coverage of every report has it. */
  private static long counted(Walks walk) {
    ManifestBuilder manifest = new ManifestBuilder(Scopes.everything().digest());
    walk.found.values().stream()
        .sorted((a, b) -> a.key().compareTo(b.key()))
        .forEach(manifest::add);
    return new HostState(manifest.build()).gaps();
  }

  private static long gaps(Walks walk) {
    return walk.found.values().stream().filter(Entry::isGap).count();
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }
}
