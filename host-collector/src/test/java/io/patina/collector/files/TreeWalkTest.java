package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Gap;
import io.patina.scope.Scope;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWalkTest {
  @TempDir Path tree;

  @Test
  void namesAreBytesFromEndToEnd() throws Exception {
    Shell.run(
        tree,
        """
        printf a > 'with space'
        printf a > "$(printf 'new\\nline')"
        printf a > "$(printf '\\377\\376invalid')"
        printf a > "$(printf 'esc\\033[31mred')"
        printf a > 'back\\slash'
        mkdir "$(printf 'd\\377')"
        printf a > "$(printf 'd\\377')/inside"
        """);
    Map<String, Entry> found = walk(Scopes.everything());
    assertEquals(
        List.of(
            "/",
            "/back\\slash",
            "/d\u00ff",
            "/d\u00ff/inside",
            "/esc\u001b[31mred",
            "/new\nline",
            "/with space",
            "/\u00ff\u00feinvalid"),
        List.copyOf(found.keySet()));
    assertArrayEquals(
        MessageDigest.getInstance("SHA-256").digest("a".getBytes(StandardCharsets.UTF_8)),
        attribute(found, "/\u00ff\u00feinvalid", "sha256").toByteArray());
  }

  @Test
  void everyKindOfFileIsStatedAndNoFifoIsOpened() throws Exception {
    Shell.run(
        tree,
        """
        mkfifo pipe
        ln -s /nowhere dangling
        ln -s loop2 loop1
        ln -s loop1 loop2
        ln -s .. up
        mkdir directory
        chmod 1750 directory
        printf hello > file
        chmod 4711 file
        """);
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(tree.resolve("socket")));
      Map<String, Entry> found = walk(Scopes.everything());
      assertEquals("fifo", text(found, "/pipe", "type"));
      assertEquals("socket", text(found, "/socket", "type"));
      assertEquals("link", text(found, "/dangling", "type"));
      assertEquals("/nowhere", text(found, "/dangling", "target"));
      assertEquals("loop2", text(found, "/loop1", "target"));
      assertEquals("..", text(found, "/up", "target"));
      assertEquals("1750", text(found, "/directory", "mode"));
      assertEquals("4711", text(found, "/file", "mode"));
      assertEquals("5", text(found, "/file", "size"));
      assertEquals(9, found.size());
    }
  }

  @Test
  void devicesAreStatedByTheirNumbers() {
    assumeTrue(isRoot(), "making a device node needs root");
    Shell.run(tree, "mknod null c 1 3; mknod disk b 8 17");
    Map<String, Entry> found = walk(Scopes.everything());
    assertEquals("char", text(found, "/null", "type"));
    assertEquals("1:3", text(found, "/null", "device"));
    assertEquals("block", text(found, "/disk", "type"));
    assertEquals("8:17", text(found, "/disk", "device"));
  }

  @Test
  void hardLinksAreReadOnceAndStatedUnderEveryName() throws IOException {
    Files.write(tree.resolve("one"), new byte[100_000]);
    Files.createDirectory(tree.resolve("d"));
    Files.createLink(tree.resolve("two"), tree.resolve("one"));
    Files.createLink(tree.resolve("d/three"), tree.resolve("one"));
    WalkProgress progress = new WalkProgress();
    Map<String, Entry> found = walk(Scopes.everything(), MountTable.EMPTY, 2, progress);
    assertEquals(100_000, progress.bytes());
    assertEquals(attribute(found, "/one", "sha256"), attribute(found, "/d/three", "sha256"));
    assertEquals(attribute(found, "/one", "sha256"), attribute(found, "/two", "sha256"));
  }

  @Test
  void theOrderIsThatOfAManifestHoweverManyThreadsWalk() throws IOException {
    for (String d : List.of("a", "a-b", "a.b", "a/b", "ab")) {
      Files.createDirectories(tree.resolve(d));
      for (int i = 0; i < 50; i++) {
        Files.writeString(tree.resolve(d).resolve("f" + i), d + i);
      }
    }
    List<Entry> one = list(Scopes.everything(), 1);
    List<Entry> four = list(Scopes.everything(), 4);
    assertEquals(one, four);
    for (int i = 1; i < one.size(); i++) {
      assertTrue(one.get(i - 1).key().compareTo(one.get(i).key()) < 0);
    }
  }

  @Test
  void aLargeDirectoryIsSharedOutWithoutLosingAName() throws IOException {
    int many = 20_000;
    for (int i = 0; i < many; i++) {
      Files.createFile(tree.resolve("a-name-that-is-not-short-" + i));
    }
    assertEquals(many + 1, list(Scopes.everything(), 3).size());
  }

  @Test
  void onlyWhatIsInScopeIsLookedAt() {
    Shell.run(
        tree,
        "mkdir -p usr/bin usr/share/doc etc var/cache; touch usr/bin/x usr/share/doc/y etc/z"
            + " var/cache/w");
    Scope scope =
        Scopes.of(List.of("/usr/**", "/etc/z"), List.of("/usr/share/doc/**"), Scopes.ATTRIBUTES);
    assertEquals(
        List.of("/etc/z", "/usr", "/usr/bin", "/usr/bin/x", "/usr/share"),
        List.copyOf(walk(scope).keySet()));
  }

  @Test
  void aLinkIsNeverEntered() throws IOException {
    Path outside = Files.createDirectory(tree.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "s");
    Path inside = Files.createDirectory(tree.resolve("inside"));
    Files.createSymbolicLink(inside.resolve("way"), outside);
    Files.createSymbolicLink(inside.resolve("up"), Path.of("../outside"));
    Map<String, Entry> found = walkAt(inside, Scopes.everything());
    assertEquals(List.of("/", "/up", "/way"), List.copyOf(found.keySet()));
  }

  @Test
  void pathsLongerThanTheKernelTakesAtOnceAreReached() {
    Shell.run(
        tree,
        """
        chain() { i=1; p=$1; while [ $i -lt 13 ]; do p="$p/$1"; i=$((i+1)); done; echo "$p"; }
        x=$(chain "x$(printf '%0199d' 0)")
        y=$(chain "y$(printf '%0199d' 0)")
        mkdir -p "$x" "$y"
        printf deep > "$y/file"
        mv y* "$x/"
        """);
    Map<String, Entry> found = walk(Scopes.everything());
    // Java cannot delete what it cannot name at once.
    Shell.run(tree, "rm -rf x*");
    assertEquals(1 + 2 * 13 + 1, found.size());
    String last = List.copyOf(found.keySet()).getLast();
    assertTrue(last.length() > 5000);
    assertEquals("4", text(found, last, "size"));
  }

  @Test
  void whatLiesBelowAMountThatIsNotEnteredIsNotReached() {
    Shell.run(tree, "mkdir -p bound/lib");
    MountTable mounts =
        MountTable.parse(
            """
            1 0 8:1 / / rw - ext4 /dev/sda1 rw
            2 1 0:5 / /bound rw - proc proc rw
            """
                .getBytes(StandardCharsets.UTF_8));
    try (RootDirectory root = open(tree)) {
      TreeWalk all =
          new TreeWalk(
              root, Scopes.everything(), mounts, KnownVersions.NONE, 1, new WalkProgress());
      assertTrue(all.reaches(ByteString.copyFromUtf8("/bound")));
      assertTrue(all.reaches(ByteString.copyFromUtf8("/boundless/x")));
      assertFalse(all.reaches(ByteString.copyFromUtf8("/bound/lib")));
      assertFalse(all.reaches(ByteString.copyFromUtf8("/bound/lib/x")));
    }
  }

  @Test
  void pseudoFileSystemsAreNotEntered() {
    Shell.run(tree, "mkdir proc net; touch proc/1 net/x");
    MountTable mounts =
        MountTable.parse(
            """
            1 0 8:1 / / rw - ext4 /dev/sda1 rw
            2 1 0:5 / /proc rw - proc proc rw
            3 1 0:9 / /net rw - nfs4 server:/ rw
            """
                .getBytes(StandardCharsets.UTF_8));
    Map<String, Entry> found = walk(Scopes.everything(), mounts, 1, new WalkProgress());
    assertEquals(List.of("/", "/net", "/net/", "/proc"), List.copyOf(found.keySet()));
    // A server that does not answer would hold up whoever asks for its directory.
    assertEquals(Gap.UNSUPPORTED, gap(found, "/net").reason());
    assertTrue(gap(found, "/net/").prefix());
  }

  @Test
  void theLiveRootsOwnPseudoFileSystemsAreRecognisedWithoutATable() {
    Scope scope = Scopes.of(List.of("/proc/**", "/dev/pts/**"), List.of(), Scopes.ATTRIBUTES);
    Map<String, Entry> found = walkAt(Path.of("/"), scope);
    assertFalse(found.containsKey("/proc/1"));
    assertTrue(found.containsKey("/proc"));
  }

  @Test
  void twoObservationsOfAnUnchangedTreeAreEqual() throws IOException {
    Files.writeString(tree.resolve("x"), "content");
    Files.createSymbolicLink(tree.resolve("l"), Path.of("x"));
    assertEquals(list(Scopes.everything(), 2), list(Scopes.everything(), 2));
  }

  @Test
  void aFileThatNeverHoldsStillIsAGap() throws IOException {
    Path file = Files.writeString(tree.resolve("busy"), "0");
    AtomicInteger looks = new AtomicInteger();
    KnownVersions restless =
        new KnownVersions() {
          @Override
          public boolean unchanged(ByteString path, io.patina.collector.syscalls.Stat now) {
            // Called between the first look and the open: the file changes every time.
            try {
              Files.writeString(file, "x".repeat(looks.incrementAndGet() + 1));
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
            return false;
          }

          @Override
          public long version(ByteString path, io.patina.collector.syscalls.Stat seen) {
            return NONE_KEPT;
          }
        };
    try (RootDirectory root = open(tree)) {
      FileObserver observer = new FileObserver(root, Scopes.everything(), restless);
      Observation seen = observer.observe(ByteString.copyFromUtf8("/busy"));
      assertEquals(
          Gap.CHANGING,
          assertInstanceOf(Observation.Missed.class, seen).gap().gap().orElseThrow().reason());
      assertEquals(4, looks.get());
    }
  }

  @Test
  void aFileThatVanishesIsAbsent() throws IOException {
    Path file = Files.writeString(tree.resolve("brief"), "0");
    KnownVersions deleting =
        new KnownVersions() {
          @Override
          public boolean unchanged(ByteString path, io.patina.collector.syscalls.Stat now) {
            try {
              Files.deleteIfExists(file);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
            return false;
          }

          @Override
          public long version(ByteString path, io.patina.collector.syscalls.Stat seen) {
            return NONE_KEPT;
          }
        };
    try (RootDirectory root = open(tree)) {
      FileObserver observer = new FileObserver(root, Scopes.everything(), deleting);
      assertInstanceOf(
          Observation.Absent.class, observer.observe(ByteString.copyFromUtf8("/brief")));
      assertInstanceOf(
          Observation.Absent.class, observer.observe(ByteString.copyFromUtf8("/no/such/path")));
    }
  }

  @Test
  void aSinglePathIsObservedAsTheWalkObservesIt() throws IOException {
    Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(tree.resolve("a/b/c"), "content");
    Map<String, Entry> found = walk(Scopes.everything());
    try (RootDirectory root = open(tree)) {
      FileObserver observer = new FileObserver(root, Scopes.everything(), KnownVersions.NONE);
      for (Entry entry : found.values()) {
        Observation seen = observer.observe(entry.key().name());
        assertEquals(entry, assertInstanceOf(Observation.Present.class, seen).entry());
      }
      TreeWalk walk =
          new TreeWalk(
              root,
              Scopes.everything(),
              MountTable.EMPTY,
              KnownVersions.NONE,
              1,
              new WalkProgress());
      assertEquals(2, walk.walk(ByteString.copyFromUtf8("/a/b")).size());
    }
  }

  @Test
  void sparseAndEmptyFilesAreReadToTheirEnd() throws Exception {
    Shell.run(tree, "truncate -s 20M sparse; : > empty; head -c 131072 /dev/zero > exact");
    Map<String, Entry> found = walk(Scopes.everything());
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    assertArrayEquals(
        sha.digest(new byte[20 << 20]), attribute(found, "/sparse", "sha256").toByteArray());
    assertArrayEquals(sha.digest(), attribute(found, "/empty", "sha256").toByteArray());
    assertArrayEquals(
        sha.digest(new byte[131072]), attribute(found, "/exact", "sha256").toByteArray());
  }

  @Test
  void holesAreDigestedWithoutBeingReadWhereverTheyAre() throws Exception {
    Shell.run(
        tree,
        """
        truncate -s 300M hole-only
        truncate -s 5M first
        printf data | dd of=first bs=1 seek=3000000 conv=notrunc 2>/dev/null
        printf data >> first
        printf data > last
        truncate -s 7M last
        """);
    WalkProgress progress = new WalkProgress();
    Map<String, Entry> found = walk(Scopes.everything(), MountTable.EMPTY, 1, progress);
    for (String name : List.of("hole-only", "first", "last")) {
      assertEquals(
          Shell.output(tree, "sha256sum " + name + " | cut -d' ' -f1").strip(),
          java.util.HexFormat.of().formatHex(attribute(found, "/" + name, "sha256").toByteArray()),
          name);
    }
    assumeTrue(
        Shell.succeeds(tree, "test $(stat -c %b hole-only) -eq 0"),
        "the file system of the temporary directory keeps no holes");
    assertTrue(progress.bytes() < 4 << 20, () -> progress.bytes() + " bytes were read");
  }

  @Test
  void aRegularFileSaysThatItHasNoCapabilityAndNoFlags() throws Exception {
    Files.writeString(tree.resolve("x"), "content");
    Map<String, Entry> found = walk(Scopes.everything());
    assertTrue(attribute(found, "/x", "capability").isEmpty());
    assertTrue(attribute(found, "/x", Attributes.FLAGS).isEmpty());
  }

  @Test
  void md5ComesFromTheSameReadWhereTheScopeAsks() throws Exception {
    Files.writeString(tree.resolve("x"), "content");
    Map<String, Entry> found = walk(Scopes.everything().withAttribute(Attributes.MD5));
    assertArrayEquals(
        MessageDigest.getInstance("MD5").digest("content".getBytes(StandardCharsets.UTF_8)),
        attribute(found, "/x", "md5").toByteArray());
    assertEquals(32, attribute(found, "/x", "sha256").size());
  }

  private Map<String, Entry> walk(Scope scope) {
    return walkAt(tree, scope);
  }

  private Map<String, Entry> walk(
      Scope scope, MountTable mounts, int threads, WalkProgress progress) {
    try (RootDirectory root = open(tree)) {
      return byPath(
          new TreeWalk(root, scope, mounts, KnownVersions.NONE, threads, progress).walk());
    }
  }

  private static Map<String, Entry> walkAt(Path directory, Scope scope) {
    try (RootDirectory root = open(directory)) {
      return byPath(
          new TreeWalk(root, scope, MountTable.EMPTY, KnownVersions.NONE, 2, new WalkProgress())
              .walk());
    }
  }

  private List<Entry> list(Scope scope, int threads) {
    try (RootDirectory root = open(tree)) {
      List<Entry> entries = new ArrayList<>();
      new TreeWalk(root, scope, MountTable.EMPTY, KnownVersions.NONE, threads, new WalkProgress())
          .walk()
          .drainTo(entries::add);
      return entries;
    }
  }

  static RootDirectory open(Path directory) {
    return assertInstanceOf(
            RootDirectory.Opening.Ready.class, RootDirectory.open(directory.toString()))
        .root();
  }

  private static Map<String, Entry> byPath(Harvest harvest) {
    Map<String, Entry> map = new TreeMap<>();
    harvest.drainTo(e -> map.put(e.key().name().toString(StandardCharsets.ISO_8859_1), e));
    return map;
  }

  private static ByteString attribute(Map<String, Entry> found, String path, String name) {
    return Optional.ofNullable(found.get(path))
        .flatMap(e -> e.attributes().get(name))
        .orElseThrow();
  }

  private static String text(Map<String, Entry> found, String path, String name) {
    return attribute(found, path, name).toStringUtf8();
  }

  private static Gap gap(Map<String, Entry> found, String path) {
    return Optional.ofNullable(found.get(path)).flatMap(Entry::gap).orElseThrow();
  }

  private static boolean isRoot() {
    return new SystemCalls().effectiveUser() == 0;
  }
}
