package io.patina.collector.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.embedded.EmbeddedBaseline;
import io.patina.collector.embedded.Embedding;
import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.spool.Outgoing;
import io.patina.collector.spool.Spool;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.packing.Scratch;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.ReportKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportingTest {
  private static final SigningKey KEY = SigningKey.generate(new SecureRandom());

  private static final Installation INSTALLATION =
      new Installation(
          ByteString.copyFromUtf8("0123456789abcdef"), SigningKey.generate(new SecureRandom()));

  static final Conditions CONDITIONS =
      new Conditions() {
        @Override
        public long lastFullCompareMicros() {
          return 0;
        }

        @Override
        public long seenMicros() {
          return 0;
        }

        @Override
        public String watching() {
          return "inotify";
        }

        @Override
        public long overflows() {
          return 0;
        }
      };

  @TempDir Path directory;
  private final Random random = new Random(3);

  @BeforeEach
  void referenceDirectory() throws IOException {
    Files.createDirectory(directory.resolve("reference"));
  }

  @Test
  void whoReadsTheReportsKnowsTheState() throws IOException {
    try (Spool spool = spool(64L << 20)) {
      Reporting reporting = open(spool, manifest(20_000));
      reporting.announce(AnnouncementKind.STARTED, "test");
      for (int i = 0; i < 50; i++) {
        reporting.apply(findings(1 + random.nextInt(200)), i % 2 == 0);
        reporting.heartbeat(60);
      }
      Replay replay = new Replay();
      replay.drain(spool, 0);
      assertEquals(reporting.state().manifest(), replay.manifest());
      assertEquals(0, replay.holes);
      assertEquals(1, replay.kinds.stream().filter(k -> k == ReportKind.ANNOUNCEMENT).count());
      assertTrue(replay.kinds.stream().filter(k -> k == ReportKind.SNAPSHOT).count() > 2);
      assertTrue(replay.deltas.get(0).getPackageTransaction());
    }
  }

  @Test
  void aDeltaThatOneRecordCannotHoldIsCut() throws IOException {
    try (Spool spool = spool(64L << 20)) {
      Reporting reporting = open(spool, manifest(10));
      assertTrue(reporting.apply(findings(30_000), false) > 20_000);
      Replay replay = new Replay();
      replay.drain(spool, 0);
      assertTrue(replay.deltas.size() > 1);
      assertEquals(reporting.state().manifest(), replay.manifest());
    }
  }

  @Test
  void findingsThatAreNoNewsAreNotReported() throws IOException {
    try (Spool spool = spool(64L << 20)) {
      Reporting reporting = open(spool, manifest(100));
      List<Finding> known = new ArrayList<>();
      reporting.state().forEach(e -> known.add(new Finding.Is(e, 0)));
      long before = spool.pending();
      assertEquals(0, reporting.apply(known, false));
      assertEquals(before, spool.pending());
    }
  }

  @Test
  void aRestartStatesOnlyWhatDiffersFromTheReference() throws IOException {
    try (Spool spool = spool(64L << 20)) {
      Reporting first = open(spool, manifest(20_000));
      first.apply(findings(100), false);
      long parts = spool.pending();
      Manifest now = first.state().manifest();
      Reporting second = open(spool, now);
      assertEquals(1, spool.pending() - parts);
      second.apply(findings(100), false);
      Replay replay = new Replay();
      replay.drain(spool, 0);
      assertEquals(second.state().manifest(), replay.manifest());
    }
  }

  @Test
  void onTheBoundDeltasCollapseIntoASnapshotAndTheLossIsCounted() throws IOException {
    long began = System.currentTimeMillis();
    try (Spool spool = spool(6L << 20)) {
      Reporting reporting = open(spool, manifest(20_000));
      Outgoing baseline =
          new Outgoing(
              Outgoing.Destination.BASELINES,
              ByteString.copyFromUtf8("digest"),
              ByteString.copyFromUtf8("envelope"));
      assertTrue(reporting.publish(baseline));
      long dropped = 0;
      while (reporting.figures().lost() == 0) {
        dropped = spool.pending();
        reporting.apply(findings(3000), false);
      }
      reporting.apply(findings(10), false);
      reporting.heartbeat(60);
      assertTrue(reporting.figures().lost() >= dropped - 1);
      Replay replay = new Replay();
      replay.drain(spool, 0);
      assertEquals(reporting.state().manifest(), replay.manifest());
      assertTrue(spool.bytes() <= 6L << 20);
      boolean kept = false;
      for (long n = 0; spool.read(n).isPresent(); n = spool.read(n).get().number() + 1) {
        kept |= spool.read(n).get().record().equals(baseline);
      }
      assertTrue(kept, "the baseline is still there");
      assertEquals(1, replay.losses.size(), "the snapshot says what was lost");
      assertEquals(reporting.figures().lost(), replay.losses.getFirst().getReports());
      assertTrue(
          replay.losses.getFirst().getSinceMicros() / 1000 >= began
              && replay.losses.getFirst().getSinceMicros() / 1000 <= System.currentTimeMillis());
    }
  }

  @Test
  void afterACollapseARestartDoesNotReferToWhatWasDropped() throws IOException {
    try (Spool spool = spool(6L << 20)) {
      Reporting first = open(spool, manifest(20_000));
      while (first.figures().lost() == 0) {
        first.apply(findings(3000), false);
      }
      Manifest now = first.state().manifest();
      Reporting second = open(spool, now);
      second.heartbeat(60);
      Replay replay = new Replay();
      replay.drain(spool, 0);
      assertEquals(now, replay.manifest());
    }
  }

  @Test
  void aHostThatIsAsItsImageStatesOnlyWhatDiffersFromTheImagesOwnBaseline() throws Exception {
    Manifest image = manifest(20_000);
    embed(image, KEY);
    try (Spool spool = spool(32L << 20)) {
      List<Entry> own = new ArrayList<>();
      image.forEach(own::add);
      own.removeFirst();
      Manifest here = Manifest.of(image.scope(), own);
      Reporting reporting = open(spool, here, EmbeddedBaseline.Held.UNKNOWN);
      Replay replay = new Replay();
      replay.hold(image);
      long next = replay.drain(spool, 0);
      assertEquals(here, replay.manifest());
      long bytes = spool.bytes();
      assertTrue(bytes < 1000, bytes + " bytes for a snapshot");

      // So does the daily one, and the one of the next start; another start needs no hashes again.
      reporting.snapshot();
      next = replay.drain(spool, next);
      assertEquals(here, replay.manifest());
      assertEquals(
          Optional.of(here),
          new Reference(directory.resolve("reference"), Duration.ofHours(1)).last(here.scope()));
      Reporting again = open(spool, here, EmbeddedBaseline.Held.YES);
      again.heartbeat(60);
      next = replay.drain(spool, next);
      assertEquals(here, replay.manifest());
      assertTrue(spool.bytes() < 4000, spool.bytes() + " bytes for three");

      // An engine that lacks it gets everything.
      Reporting lacking = open(spool, here, EmbeddedBaseline.Held.NO);
      Replay other = new Replay();
      long unused = other.drain(spool, next);
      assertEquals(here, other.manifest());
      assertEquals(1, lacking.figures().snapshots());
    }
  }

  @Test
  void whatIsEmbeddedAndNotSignedByATrustedKeyOrNotWhatWasSignedIsNotReferredTo() throws Exception {
    Manifest image = manifest(2000);
    embed(image, SigningKey.generate(new SecureRandom()));
    selfContained(image, image);
    // Another manifest than the one that was signed; then one that is far from what is here.
    embed(image, KEY);
    ManifestFile.write(manifest(2000), embedded().resolve(Embedding.MANIFEST));
    selfContained(image, image);
    embed(image, KEY);
    selfContained(image, manifest(3000));
    Files.writeString(embedded().resolve(Embedding.STATEMENT), "{");
    selfContained(image, image);
  }

  private void selfContained(Manifest image, Manifest here) throws Exception {
    Path again = Files.createTempDirectory(directory, "again");
    Files.createDirectories(again.resolve("reference"));
    try (Spool spool = Spool.open(again.resolve("spool"), 32L << 20)) {
      Reporting unused = open(spool, here, EmbeddedBaseline.Held.YES, again.resolve("reference"));
      // Without holding the image's manifest.
      Replay replay = new Replay();
      long next = replay.drain(spool, 0);
      assertTrue(next > 0);
      assertEquals(here, replay.manifest());
      assertEquals(image.scope(), here.scope());
    }
  }

  private Path embedded() {
    return directory.resolve("root" + Embedding.DIRECTORY);
  }

  private void embed(Manifest manifest, SigningKey key) throws Exception {
    GoldenBaseline golden =
        new GoldenBaseline(
            "image",
            "1",
            manifest.digest(),
            List.of(),
            List.of(),
            List.of(),
            "pet",
            new Selector(Optional.empty(), Map.of()),
            Instant.parse("2026-11-22T00:00:00Z"),
            "");
    Path file = directory.resolve("packed.zst");
    ManifestFile.write(manifest, file);
    Embedding.into(
        Files.createDirectories(directory.resolve("root")),
        BaselineStatement.sign(golden, key).json().getBytes(StandardCharsets.UTF_8),
        Files.readAllBytes(file));
  }

  private Reporting open(Spool spool, Manifest observed, EmbeddedBaseline.Held held)
      throws IOException {
    return open(spool, observed, held, directory.resolve("reference"));
  }

  private Reporting open(Spool spool, Manifest observed, EmbeddedBaseline.Held held, Path reference)
      throws IOException {
    Path trust = Files.createDirectories(directory.resolve("trust"));
    Files.writeString(trust.resolve("a.pem"), KEY.publicKey().pem());
    return open(
        spool,
        observed,
        new Reference(
            reference,
            Duration.ofHours(1),
            Optional.of(
                new EmbeddedBaseline(
                    embedded(),
                    trust,
                    manifest -> held,
                    Scratch.in(Files.createDirectories(directory.resolve("scratch"))),
                    Clock.systemUTC()))));
  }

  private Reporting open(Spool spool, Manifest observed) throws IOException {
    return open(
        spool, observed, new Reference(directory.resolve("reference"), Duration.ofHours(1)));
  }

  private Reporting open(Spool spool, Manifest observed, Reference reference) throws IOException {
    return Reporting.open(
        INSTALLATION,
        observed,
        spool,
        reference,
        new HostClock(Clock.systemUTC(), Path.of("/proc")),
        HostIdentity.newBuilder().setHostname("test").build(),
        CONDITIONS,
        new SecureRandom());
  }

  private Spool spool(long bytes) throws IOException {
    return Spool.open(directory.resolve("spool"), bytes);
  }

  private Manifest manifest(int entries) {
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      all.add(entry(i));
    }
    return Manifest.of(HostStateTest.SCOPE, all);
  }

  private List<Finding> findings(int count) {
    List<Finding> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Entry e = entry(random.nextInt(40_000));
      all.add(random.nextInt(4) == 0 ? new Finding.IsAbsent(e.key(), 1) : new Finding.Is(e, 1));
    }
    return all;
  }

  private Entry entry(int number) {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return Entry.of(
        FactKey.file(ByteString.copyFromUtf8("/usr/share/something/file" + number)),
        new Attributes.Builder()
            .text("type", "file")
            .bytes("sha256", ByteString.copyFrom(digest))
            .build());
  }
}
