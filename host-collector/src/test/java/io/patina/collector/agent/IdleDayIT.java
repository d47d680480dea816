package io.patina.collector.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.patina.collector.capture.Capture;
import io.patina.collector.embedded.EmbeddedBaseline;
import io.patina.collector.embedded.Embedding;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.images.HostTree;
import io.patina.collector.live.LiveHost;
import io.patina.collector.live.Observed;
import io.patina.collector.live.Outlet;
import io.patina.collector.live.ScanPolicy;
import io.patina.collector.live.Timing;
import io.patina.collector.mounts.MountProbe;
import io.patina.collector.reports.Reference;
import io.patina.collector.reports.Replay;
import io.patina.collector.shipped.PristineRoots;
import io.patina.collector.spool.Spool;
import io.patina.collector.watching.WatchMode;
import io.patina.collector.writers.Processes;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.imports.Limits;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.packing.Scratch;
import io.patina.scope.DefaultScope;
import io.patina.scope.Scope;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hours on a host on which nothing happens, by the real readers over a real Debian, with the
 * default intervals; only the clock is advanced, from each thing that is due to the next. Two of
 * them here; the figures of a whole day, which costs two minutes of CPU, are made with {@code
 * -Dpatina.idle.hours=24}, those with a baseline in the image with {@code
 * -Dpatina.idle.embedded=true}.
 */
class IdleDayIT {
  private static final Duration DAY = Duration.ofHours(24);
  private static final long HOURS = Long.getLong("patina.idle.hours", 2);

  @TempDir Path directory;
  private Optional<Manifest> image = Optional.empty();

  @Test
  void hoursWithoutChangesBringNoDeltaAndFewBytes() throws Exception {
    Path debian = PristineRoots.systemd();
    Files.createDirectory(directory.resolve("reference"));
    AdvancedTime time = new AdvancedTime(Instant.now());
    Scope scope = DefaultScope.get();
    Path proc = Path.of("/proc");
    try (RootDirectory root =
            ((RootDirectory.Opening.Ready) RootDirectory.open(debian.toString())).root();
        Spool spool =
            Spool.open(
                directory.resolve("spool"),
                new Spool.Bounds(256L << 20, Duration.ofDays(7)),
                time.clock())) {
      Capture capture = new Capture(root, scope, KnownVersions.NONE, 1, new WalkProgress());
      ByteString below = ByteString.copyFromUtf8(root.path());
      LiveHost host =
          new LiveHost(
              new Observed(
                  root,
                  scope,
                  () -> new MountProbe(proc).own().under(below),
                  Facets.readers(capture, scope, false)),
              new Outlet(
                  new Installation(
                      ByteString.copyFromUtf8("0123456789abcdef"),
                      SigningKey.generate(new SecureRandom())),
                  HostIdentity.getDefaultInstance(),
                  new HostClock(time.clock(), proc),
                  spool,
                  new Reference(directory.resolve("reference"), DAY, embedded(debian, scope))),
              new Timing(
                  Duration.ofSeconds(60),
                  Duration.ofMinutes(10),
                  Duration.ofSeconds(30),
                  DAY,
                  DAY,
                  Duration.ofMillis(200),
                  2),
              ((WatchMode.Opening.Ready) WatchMode.INOTIFY.open(root, Processes.Detail.OFF))
                  .watching(),
              LiveHost.PackagesListener.NONE,
              ScanPolicy.UNBOUNDED,
              name -> time.thread());
      Replay replay = new Replay();
      image.ifPresent(replay::hold);
      host.start();
      Tally first = new Tally(spool, replay, 0);
      OperatingSystemMXBean process =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long cpu = process.getProcessCpuTime();
      Map<ReportKind, Long> byKind = new EnumMap<>(ReportKind.class);
      long bytes = 0;
      long records = 0;
      long next = first.next;
      for (int hour = 0; hour < HOURS; hour++) {
        time.advance(Duration.ofHours(1));
        if (hour == HOURS / 2) {
          // The daily reading of every byte, which goes by the time since boot.
          host.readAgain();
        }
        Tally tally = new Tally(spool, replay, next);
        bytes += tally.bytes;
        tally.byKind.forEach((kind, n) -> byKind.merge(kind, n, Long::sum));
        records += tally.records;
        next = tally.next;
      }
      double cpuSeconds = (process.getProcessCpuTime() - cpu) / 1e9;
      host.stop(AnnouncementKind.STOPPING, "test");
      long heartbeats = replay.kinds.stream().filter(k -> k == ReportKind.HEARTBEAT).count();
      long facts = host.status().figures().facts();
      System.out.printf(
          Locale.ROOT,
          "idle for %d h: %d facts, opened with %d bytes, watching by %s; %d reports (%d heartbeats),"
              + " %d bytes, by kind %s; %d scans; %.1f s of CPU: %.3f %% of one core%n",
          HOURS,
          facts,
          first.bytes,
          host.status().watching(),
          records,
          heartbeats,
          bytes,
          byKind,
          host.status().scans(),
          cpuSeconds,
          100 * cpuSeconds / Duration.ofHours(HOURS).toSeconds());
      assertEquals(List.of(), replay.deltas, "nothing happened");
      assertTrue(
          heartbeats >= 60 * HOURS - 1 && heartbeats <= 67 * HOURS, heartbeats + " heartbeats");
      assertTrue(host.status().scans() > 4 * HOURS, host.status().scans() + " scans");
      assertTrue(facts > 1000, facts + " facts");
    }
  }

  /** The baseline that this root carries with it, if that is asked for: a capture of it. */
  private Optional<EmbeddedBaseline> embedded(Path debian, Scope scope) throws Exception {
    if (!Boolean.getBoolean("patina.idle.embedded")) {
      return Optional.empty();
    }
    Manifest captured = HostTree.read(debian, Optional.empty(), scope, Limits.STANDARD).manifest();
    image = Optional.of(captured);
    SigningKey key = SigningKey.generate(new SecureRandom());
    Path trust = Files.createDirectory(directory.resolve("trust"));
    Files.writeString(trust.resolve("a.pem"), key.publicKey().pem());
    Path packed = directory.resolve("packed.zst");
    ManifestFile.write(captured, packed);
    GoldenBaseline golden =
        new GoldenBaseline(
            "image",
            "1",
            captured.digest(),
            List.of(),
            List.of(),
            List.of(),
            "pet",
            new Selector(Optional.empty(), Map.of()),
            Instant.parse("2026-11-22T00:00:00Z"),
            "");
    Path root = Files.createDirectory(directory.resolve("image"));
    Embedding.into(
        root,
        BaselineStatement.sign(golden, key).json().getBytes(StandardCharsets.UTF_8),
        Files.readAllBytes(packed));
    return Optional.of(
        new EmbeddedBaseline(
            root.resolve(Embedding.DIRECTORY.substring(1)),
            trust,
            manifest -> EmbeddedBaseline.Held.UNKNOWN,
            Scratch.MEMORY,
            Clock.systemUTC()));
  }

  /** What has been spooled since, acknowledged as Kafka would. */
  private static final class Tally {
    private final long records;
    private final long bytes;
    private final long next;
    private final Map<ReportKind, Long> byKind = new EnumMap<>(ReportKind.class);

    Tally(Spool spool, Replay replay, long from) throws Exception {
      long count = 0;
      long size = 0;
      for (var s = spool.read(from); s.isPresent(); s = spool.read(s.get().number() + 1)) {
        count++;
        long all = (long) s.get().record().value().size() + s.get().record().key().size();
        size += all;
        byKind.merge(Report.parseFrom(s.get().record().value()).getKind(), all, Long::sum);
      }
      this.next = replay.drain(spool, from);
      this.records = count;
      this.bytes = size;
      spool.acknowledge(next - 1);
    }
  }
}
