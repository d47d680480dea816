package io.patina.collector.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.spool.Spool;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.HostIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state directory on a small file system of its own that others fill up. */
class FullDiskTest {
  private static final Logger QUIET = Logger.getLogger("io.patina");
  private static final Installation INSTALLATION =
      new Installation(
          ByteString.copyFromUtf8("0123456789abcdef"), SigningKey.generate(new SecureRandom()));

  @TempDir Path directory;
  private final Random random = new Random(11);

  @BeforeEach
  void mount() throws Exception {
    QUIET.setLevel(Level.SEVERE);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=6m", "none", directory.toString()),
        "mounting a small file system needs root");
    Files.createDirectory(directory.resolve("reference"));
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", directory.toString());
  }

  @Test
  void whatAFullDiskRefusesIsOwedAndToldAsLostWhenThereIsSpaceAgain() throws Exception {
    try (Spool spool = Spool.open(directory.resolve("spool"), 64L << 20)) {
      Reporting reporting = open(spool, manifest(2_000));
      reporting.apply(findings(50), false);
      Replay replay = new Replay();
      long read = replay.drain(spool, 0);
      long before = System.currentTimeMillis();
      Path ballast = fill();

      reporting.apply(findings(500), false);
      reporting.heartbeat(60);
      assertTrue(reporting.figures().owing(), "the disk took nothing, and a snapshot is owed");
      assertFalse(reporting.settle(), "as long as it is full");
      assertEquals(2, reporting.figures().lost());
      assertEquals(read, replay.drain(spool, read), "half of a report is no report");

      Files.delete(ballast);
      assertTrue(reporting.settle(), "and there is space again");
      reporting.apply(findings(20), false);
      replay.drain(spool, read);
      assertEquals(reporting.state().manifest(), replay.manifest());
      assertEquals(1, replay.losses.size());
      assertEquals(2, replay.losses.getFirst().getReports());
      assertTrue(replay.losses.getFirst().getSinceMicros() / 1000 >= before);
    }
  }

  @Test
  void aKillWhileTheDiskIsFullLosesNeitherTheStateNorTheNoteOfTheLoss() throws Exception {
    Manifest observed = manifest(2_000);
    Path ballast;
    // Not closed, as after kill -9: nothing may depend on it.
    Spool killed = Spool.open(directory.resolve("spool"), 64L << 20);
    Reporting first = open(killed, observed);
    ballast = fill();
    first.apply(findings(500), false);
    first.heartbeat(60);
    Manifest then = first.state().manifest();
    assertTrue(first.figures().owing());

    try (Spool spool = Spool.open(directory.resolve("spool"), 64L << 20)) {
      Reporting second = open(spool, then);
      assertTrue(second.figures().owing(), "still full");
      Files.delete(ballast);
      assertTrue(second.settle());
      Replay replay = new Replay();
      replay.drain(spool, 0);
      assertEquals(then, replay.manifest());
      assertEquals(1, replay.losses.size());
      assertTrue(replay.losses.getFirst().getReports() >= 2, "those of the killed start");
    }
    killed.close();
  }

  private Path fill() throws IOException {
    Path ballast = directory.resolve("ballast");
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // No space left on device: that is what this is for.
      return ballast;
    }
  }

  private Reporting open(Spool spool, Manifest observed) throws IOException {
    return Reporting.open(
        INSTALLATION,
        observed,
        spool,
        new Reference(directory.resolve("reference"), Duration.ofHours(1)),
        new HostClock(Clock.systemUTC(), Path.of("/proc")),
        HostIdentity.newBuilder().setHostname("test").build(),
        ReportingTest.CONDITIONS,
        new SecureRandom());
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
      all.add(new Finding.Is(entry(random.nextInt(4_000)), 1));
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

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
