package io.patina.collector.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.reports.Reference;
import io.patina.collector.reports.Replay;
import io.patina.collector.spool.Spool;
import io.patina.collector.watching.NotWatching;
import io.patina.collector.watching.WatchMode;
import io.patina.collector.watching.Watching;
import io.patina.collector.writers.Processes;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import io.patina.packing.Scratch;
import io.patina.scope.Glob;
import io.patina.scope.Scope;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.HostIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Scanner;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real files, real watches: what is reported must become what a fresh scan says. */
class LiveFilesTest {
  private static final Logger QUIET = Logger.getLogger("io.patina.collector");
  private static final Duration NEVER = Duration.ofHours(10);
  private static final Scope SCOPE =
      new Scope(
          "test",
          EnumSet.of(Facet.FILE),
          List.of(Glob.of("/**")),
          List.of(Glob.of("/excluded/**")),
          List.of(
              new Scope.AttributeRule(
                  Glob.of("/**"),
                  Set.of("type", "mode", "uid", "gid", "size", "sha256", "target"))),
          List.of());

  @TempDir Path directory;
  private Path tree = Path.of("");
  private RootDirectory root = opened("/");
  private Spool spool = unopened();
  private final Replay replay = new Replay();
  private long read;

  private static Spool unopened() {
    try {
      return Spool.open(Files.createTempDirectory("unused-spool"), 1 << 20);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void open() throws IOException {
    QUIET.setLevel(Level.SEVERE);
    tree = Files.createDirectory(directory.resolve("tree"));
    root = opened(tree.toString());
    spool = Spool.open(directory.resolve("spool"), 256L << 20);
    Files.createDirectory(directory.resolve("reference"));
  }

  @AfterEach
  void close() throws IOException {
    spool.close();
    root.close();
  }

  private static RootDirectory opened(String path) {
    return ((RootDirectory.Opening.Ready) RootDirectory.open(path)).root();
  }

  private LiveHost start(Watching watching, Timing timing) throws IOException {
    return start(watching, timing, ScanPolicy.UNBOUNDED);
  }

  private LiveHost start(Watching watching, Timing timing, ScanPolicy policy) throws IOException {
    LiveHost host =
        new LiveHost(
            new Observed(root, SCOPE, () -> MountTable.EMPTY, List.of()),
            new Outlet(
                new Installation(
                    ByteString.copyFromUtf8("0123456789abcdef"),
                    SigningKey.generate(new SecureRandom())),
                HostIdentity.getDefaultInstance(),
                new HostClock(Clock.systemUTC(), Path.of("/proc")),
                spool,
                new Reference(directory.resolve("reference"), NEVER)),
            timing,
            watching,
            LiveHost.PackagesListener.NONE,
            policy);
    host.start();
    return host;
  }

  private Watching watching(WatchMode mode) {
    return switch (mode.open(root, Processes.Detail.PROCESS)) {
      case WatchMode.Opening.Ready ready -> ready.watching();
      case WatchMode.Opening.Refused refused ->
          Assumptions.abort("fanotify is refused here (" + refused.errno() + "): needs root");
    };
  }

  /** Scans come only if something asks for one. */
  private static Timing noNet() {
    return new Timing(NEVER, NEVER, NEVER, NEVER, NEVER, Duration.ofMillis(20), 1);
  }

  private Manifest fresh() {
    ManifestBuilder builder = new ManifestBuilder(SCOPE.digest());
    new TreeWalk(root, SCOPE, MountTable.EMPTY, KnownVersions.NONE, 1, new WalkProgress())
        .walk()
        .drainTo(builder::add);
    return builder.build();
  }

  /** Waits until what was reported equals what is there. */
  private void converge(String when) throws IOException, InterruptedException {
    Manifest expected = fresh();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    read = replay.drain(spool, read);
    while (!replay.manifest().equals(expected) && System.nanoTime() < deadline) {
      spool.await(read, Duration.ofMillis(100));
      read = replay.drain(spool, read);
    }
    List<String> missing = describe(expected);
    missing.removeAll(describe(replay.manifest()));
    List<String> wrong = describe(replay.manifest());
    wrong.removeAll(describe(expected));
    assertEquals(missing, wrong, when);
    assertEquals(expected, replay.manifest(), when);
  }

  private static List<String> describe(Manifest manifest) {
    List<String> lines = new ArrayList<>();
    manifest.forEach(
        e -> {
          StringBuilder line = new StringBuilder(e.key().toString());
          e.attributes()
              .values()
              .forEach(
                  (n, v) -> line.append(' ').append(n).append('=').append(Attributes.show(n, v)));
          lines.add(line.toString());
        });
    return lines;
  }

  private boolean isReported(String path) {
    return replay.manifest().find(FactKey.file(ByteString.copyFromUtf8(path))).isPresent();
  }

  @ParameterizedTest
  @EnumSource(names = {"FANOTIFY", "INOTIFY"})
  void everyKindOfChangeArrives(WatchMode mode) throws Exception {
    Files.createDirectories(tree.resolve("etc/deep"));
    Files.writeString(tree.resolve("etc/a"), "1");
    Files.writeString(tree.resolve("etc/deep/b"), "1");
    Files.createDirectories(tree.resolve("excluded/x"));
    LiveHost host = start(watching(mode), noNet());
    try {
      converge("start");
      Files.writeString(tree.resolve("etc/a"), "22");
      converge("content");
      Files.setPosixFilePermissions(
          tree.resolve("etc/a"),
          java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
      converge("mode");
      Files.writeString(tree.resolve("etc/.a.new"), "333");
      Files.move(
          tree.resolve("etc/.a.new"),
          tree.resolve("etc/a"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      converge("rename over");
      Files.delete(tree.resolve("etc/a"));
      Files.writeString(tree.resolve("etc/a"), "4444");
      converge("delete and create");
      Files.createSymbolicLink(tree.resolve("etc/l"), Path.of("a"));
      converge("link");
      Files.move(tree.resolve("etc/deep"), tree.resolve("etc/moved"));
      converge("directory moved");
      Files.writeString(tree.resolve("etc/moved/b"), "changed after the move");
      converge("changed in the moved directory");
      Files.move(tree.resolve("etc/moved"), tree.resolve("excluded/gone"));
      converge("moved out of scope");
      Files.writeString(tree.resolve("excluded/gone/b"), "nobody looks");
      Files.move(tree.resolve("excluded/gone"), tree.resolve("back"));
      converge("moved into scope");
      Files.writeString(tree.resolve("back/b"), "seen again");
      converge("changed after coming back");
      Files.delete(tree.resolve("back/b"));
      Files.delete(tree.resolve("back"));
      Files.writeString(tree.resolve("back"), "a file where a directory was");
      converge("directory became a file");
      Files.delete(tree.resolve("back"));
      Files.createDirectories(tree.resolve("back/again"));
      Files.writeString(tree.resolve("back/again/c"), "c");
      converge("file became a directory");
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
    read = replay.drain(spool, read);
    assertEquals(2, replay.announcements.size());
    assertTrue(replay.deltas.stream().allMatch(d -> d.getChanges(0).getNoticedMicros() > 0));
  }

  @ParameterizedTest
  @EnumSource(names = {"FANOTIFY", "INOTIFY"})
  void aChangeThroughAnotherNameOfTheInodeArrivesUnderAll(WatchMode mode) throws Exception {
    Files.createDirectories(tree.resolve("usr"));
    Files.createDirectories(tree.resolve("excluded"));
    Files.writeString(tree.resolve("usr/one"), "1");
    Files.createLink(tree.resolve("usr/two"), tree.resolve("usr/one"));
    Files.createLink(tree.resolve("excluded/outside"), tree.resolve("usr/one"));
    LiveHost host = start(watching(mode), noNet());
    try {
      converge("start");
      Files.writeString(tree.resolve("usr/two"), "through two");
      converge("through a name in scope");
      Files.writeString(tree.resolve("excluded/outside"), "through a name outside");
      converge("through a name that is not in scope");
      Files.delete(tree.resolve("usr/one"));
      Files.writeString(tree.resolve("excluded/outside"), "one name less");
      converge("after one name is gone");
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FANOTIFY", "INOTIFY"})
  void newTreesAreSeenWholeHoweverFastTheyFill(WatchMode mode) throws Exception {
    LiveHost host = start(watching(mode), noNet());
    try {
      converge("start");
      Random random = new Random(5);
      for (int round = 0; round < 15; round++) {
        Path at = tree.resolve("round" + round);
        for (int depth = 0; depth < 12; depth++) {
          at = at.resolve("d" + random.nextInt(3));
          Files.createDirectories(at);
          for (int f = 0; f < 5; f++) {
            Files.writeString(at.resolve("f" + f), "x".repeat(random.nextInt(200)));
          }
        }
        if (round % 3 == 1) {
          Files.move(tree.resolve("round" + round), tree.resolve("renamed" + round));
        }
      }
      converge("fifteen trees");
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FANOTIFY", "INOTIFY"})
  void afterAnOverflowARescanFindsWhatWasLost(WatchMode mode) throws Exception {
    Files.createDirectories(tree.resolve("many"));
    HeldWatching held = new HeldWatching(watching(mode));
    LiveHost host = start(held, noNet());
    try {
      converge("start");
      // Nobody reads the queue; its length is fs.inotify.max_queued_events.
      int most;
      String kind = mode == WatchMode.FANOTIFY ? "fanotify" : "inotify";
      try (Scanner queue =
          new Scanner(
              Path.of("/proc/sys/fs/" + kind + "/max_queued_events"), StandardCharsets.UTF_8)) {
        most = queue.nextInt();
      }
      // fanotify merges what the same process does to the same name.
      int each = mode == WatchMode.FANOTIFY ? 1 : 3;
      for (int i = 0; i * each < most + 300; i++) {
        Path file = tree.resolve("many/" + i);
        Files.writeString(file, "");
        Files.delete(file);
      }
      Files.writeString(tree.resolve("many/lost"), "its event did not fit");
      held.release();
      converge("after the overflow");
      assertTrue(held.overflows() > 0);
      assertTrue(isReported("/many/lost"));
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
  }

  @Test
  void aScanThatReadsEveryByteAgainIsHeldUpToKeepToItsRate() throws Exception {
    Files.write(tree.resolve("large"), new byte[1 << 20]);
    ScanPolicy policy = new ScanPolicy(64, 4L << 20, Scratch.MEMORY, Optional.empty());
    LiveHost host = start(watching(WatchMode.INOTIFY), noNet(), policy);
    try {
      assertEquals(0, host.status().heldUpSeconds());
      long before = host.status().scans();
      host.readAgain();
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (host.status().scans() == before && System.nanoTime() < deadline) {
        spool.await(read, Duration.ofMillis(50));
      }
      assertEquals(before + 1, host.status().scans());
      assertTrue(host.status().heldUpSeconds() > 0);
      converge("after the scan");
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
  }

  @Test
  void withoutWatchesPollingFindsEverything() throws Exception {
    Files.createDirectories(tree.resolve("etc"));
    Duration soon = Duration.ofMillis(100);
    LiveHost host =
        start(
            new NotWatching(),
            new Timing(NEVER, NEVER, soon, NEVER, NEVER, Duration.ofMillis(20), 1));
    try {
      converge("start");
      assertEquals("polling", host.status().watching());
      Files.writeString(tree.resolve("etc/a"), "1");
      converge("created");
      Files.writeString(tree.resolve("etc/a"), "2");
      converge("same size, other content");
      Files.delete(tree.resolve("etc/a"));
      converge("deleted");
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FANOTIFY", "INOTIFY"})
  void anySequenceOfOperationsEndsInWhatAFreshScanSays(WatchMode mode) throws Exception {
    Random random = new Random(20261122);
    FileOperations operations = new FileOperations(tree, random);
    for (int i = 0; i < 200; i++) {
      operations.step();
    }
    // Now and then a rescan, so that its comparison races with the notices too.
    Timing timing =
        new Timing(NEVER, Duration.ofMillis(150), NEVER, NEVER, NEVER, Duration.ofMillis(20), 1);
    LiveHost host = start(watching(mode), timing);
    try {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 150; i++) {
          operations.step();
        }
        converge("round " + round);
      }
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
    assertEquals(0, replay.holes);
  }

  @ParameterizedTest
  @EnumSource(names = {"FANOTIFY", "INOTIFY"})
  void watchesAloneFollowAnySequenceOfOperations(WatchMode mode) throws Exception {
    Random random = new Random(77);
    FileOperations operations = new FileOperations(tree, random);
    LiveHost host = start(watching(mode), noNet());
    try {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 100; i++) {
          operations.step();
        }
        converge("round " + round);
      }
    } finally {
      host.stop(AnnouncementKind.STOPPING, "test");
    }
  }
}
