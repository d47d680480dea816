package io.patina.collector.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.capture.Capture;
import io.patina.collector.files.KnownDigests;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.live.FacetReader;
import io.patina.collector.live.LiveHost;
import io.patina.collector.live.Observed;
import io.patina.collector.live.Outlet;
import io.patina.collector.live.Timing;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.reports.Reference;
import io.patina.collector.reports.Replay;
import io.patina.collector.spool.Outgoing;
import io.patina.collector.spool.Spool;
import io.patina.collector.watching.InotifyWatching;
import io.patina.comparison.Comparison;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.scope.Glob;
import io.patina.scope.Scope;
import io.patina.signing.Envelope;
import io.patina.signing.SigningKey;
import io.patina.signing.TrustRoots;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.HostIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real dpkg, real packages, a root of its own: an upgrade leaves the verdict as it was. */
class PackageUpgradeIT {
  private static final Logger QUIET = Logger.getLogger("io.patina.collector");
  private static final Duration NEVER = Duration.ofHours(10);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PACKAGES = 20;
  private static final Scope SCOPE =
      new Scope(
          "test",
          EnumSet.of(Facet.FILE, Facet.PACKAGE),
          List.of(Glob.of("/{etc,usr}/**")),
          List.of(),
          List.of(
              new Scope.AttributeRule(
                  Glob.of("/**"),
                  Set.of("type", "mode", "uid", "gid", "size", "sha256", "md5", "target"))),
          List.of());

  @TempDir Path directory;
  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final Replay replay = new Replay();
  private final List<GoldenBaseline> baselines = new ArrayList<>();
  private long read;

  @BeforeEach
  void root() throws Exception {
    QUIET.setLevel(Level.SEVERE);
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/dpkg-deb"))
            && System.getProperty("user.name").equals("root"),
        "installing packages needs dpkg and root");
    for (String name : List.of("info", "updates", "triggers", "alternatives")) {
      Files.createDirectories(directory.resolve("root/var/lib/dpkg").resolve(name));
    }
    Files.createFile(directory.resolve("root/var/lib/dpkg/status"));
    Files.createDirectories(directory.resolve("root/usr/bin"));
    Files.createDirectory(directory.resolve("reference"));
    Files.createDirectory(directory.resolve("as-shipped"));
    for (int i = 0; i < PACKAGES; i++) {
      build(i, "1");
      build(i, "2");
    }
    install("1");
  }

  @Test
  void anUpgradeIsMarkedAndItsBaselineFollowsWhileAnEditedFileStaysEdited() throws Exception {
    Files.writeString(
        directory.resolve("root/usr/bin/tiny3-1"), "edited\n", StandardOpenOption.APPEND);
    try (RootDirectory root = open();
        Spool spool = Spool.open(directory.resolve("spool"), 64L << 20)) {
      LiveHost host = host(root, spool);
      host.start();
      try {
        await("the first baseline", spool, () -> baselines.size() == 1);
        assertEquals(List.of("file /usr/bin/tiny3-1"), differences());
        install("2");
        await("its second baseline", spool, () -> baselines.size() == 2);
        await("the upgraded package", spool, () -> differences().isEmpty());
        assertTrue(replay.deltas.stream().allMatch(d -> d.getPackageTransaction()));
        assertFalse(replay.deltas.isEmpty());
        Files.writeString(directory.resolve("root/usr/bin/tiny4-1"), "edited afterwards\n");
        await("the edited file", spool, () -> !differences().isEmpty());
        assertEquals(List.of("file /usr/bin/tiny4-1"), differences());
        Files.writeString(directory.resolve("root/usr/bin/nobodys"), "dropped\n");
        await("the dropped file", spool, () -> differences().size() == 2);
        assertEquals(List.of("file /usr/bin/nobodys", "file /usr/bin/tiny4-1"), differences());
      } finally {
        host.stop(AnnouncementKind.STOPPING, "test");
      }
    }
  }

  private LiveHost host(RootDirectory root, Spool spool) {
    Installation installation = new Installation(ByteString.copyFromUtf8("0123456789abcdef"), key);
    Capture capture = new Capture(root, SCOPE, KnownDigests.NONE, 1, new WalkProgress());
    return new LiveHost(
        new Observed(root, SCOPE, () -> MountTable.EMPTY, List.of(new Packages(capture))),
        new Outlet(
            installation,
            HostIdentity.getDefaultInstance(),
            new HostClock(Clock.systemUTC(), Path.of("/proc")),
            spool,
            new Reference(directory.resolve("reference"), NEVER)),
        new Timing(NEVER, NEVER, NEVER, NEVER, NEVER, Duration.ofMillis(50), 1),
        InotifyWatching.open(root),
        new AsShippedPublisher(
            root,
            SCOPE,
            installation,
            key,
            directory.resolve("store"),
            directory.resolve("as-shipped"),
            Clock.systemUTC()));
  }

  private record Packages(Capture capture) implements FacetReader {
    @Override
    public Facet facet() {
      return Facet.PACKAGE;
    }

    @Override
    public Duration interval() {
      return NEVER;
    }

    @Override
    public List<Entry> read() {
      TreeMap<FactKey, Entry> sorted = new TreeMap<>();
      capture.observe(Facet.PACKAGE).forEach(e -> sorted.put(e.key(), e));
      return List.copyOf(sorted.values());
    }
  }

  private RootDirectory open() {
    return ((RootDirectory.Opening.Ready) RootDirectory.open(directory.resolve("root").toString()))
        .root();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(String what, Spool spool, Condition condition) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    drain(spool);
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < deadline, what + " did not come: " + differences());
      var unused = spool.await(read, Duration.ofMillis(200));
      drain(spool);
    }
  }

  private void drain(Spool spool) throws Exception {
    long from = read;
    read = replay.drain(spool, from);
    for (Optional<Spool.Stored> s = spool.read(from);
        s.isPresent() && s.get().number() < read;
        s = spool.read(s.get().number() + 1)) {
      Outgoing record = s.get().record();
      if (record.destination() == Outgoing.Destination.BASELINES) {
        Envelope envelope = Envelope.ofJson(record.value().toStringUtf8());
        assertEquals(BaselineStatement.digest(envelope).bytes(), record.key());
        baselines.add(BaselineStatement.verify(envelope, new TrustRoots(List.of(key.publicKey()))));
      }
    }
  }

  /** Keys at which what was reported differs from the baseline published last. */
  private List<String> differences() throws Exception {
    if (baselines.isEmpty()) {
      return List.of("no baseline yet");
    }
    GoldenBaseline baseline = baselines.getLast();
    Manifest expected =
        new ManifestStore(directory.resolve("store")).get(baseline.manifest()).orElseThrow();
    List<String> keys = new ArrayList<>();
    baseline
        .comparer()
        .compareAll(
            expected,
            replay.manifest(),
            comparison -> {
              if (comparison instanceof Comparison.Differs differs) {
                keys.add(differs.difference().key().toString());
              }
            });
    return keys;
  }

  private void build(int number, String version) throws Exception {
    String name = "tiny" + number;
    Path tree = directory.resolve("build").resolve(name + "-" + version);
    Files.createDirectories(tree.resolve("usr/bin"));
    Files.createDirectories(tree.resolve("etc"));
    Files.createDirectories(tree.resolve("DEBIAN"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(tree.resolve("usr/bin/" + name + "-" + i), name + version + i + "\n");
    }
    Files.writeString(tree.resolve("etc/" + name + ".conf"), name + "\n");
    Files.writeString(tree.resolve("DEBIAN/conffiles"), "/etc/" + name + ".conf\n");
    Files.writeString(
        tree.resolve("DEBIAN/control"),
        """
        Package: %s
        Version: %s
        Architecture: all
        Maintainer: Nobody <nobody@localhost>
        Description: test
        """
            .formatted(name, version));
    run("sh", "-c", "cd '%s' && find usr -type f | xargs md5sum > DEBIAN/md5sums".formatted(tree));
    run(
        "dpkg-deb",
        "--root-owner-group",
        "-b",
        tree.toString(),
        directory.resolve("build/" + name + "_" + version + ".deb").toString());
  }

  private void install(String version) throws Exception {
    run(
        "sh",
        "-c",
        "dpkg --root='%s' --force-all -i '%s'/*_%s.deb"
            .formatted(directory.resolve("root"), directory.resolve("build"), version));
  }

  private static void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }
}
