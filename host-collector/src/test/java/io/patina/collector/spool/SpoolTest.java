package io.patina.collector.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.spool.Outgoing.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final long ROOMY = 64L << 20;

  @TempDir Path directory;

  @Test
  void whatWasAppendedIsReadInOrderAndAgainAfterReopening() throws IOException {
    try (Spool spool = Spool.open(directory, ROOMY)) {
      spool.append(List.of(report(1), report(2)));
      spool.append(List.of(report(3)));
      assertEquals(List.of(report(1), report(2), report(3)), all(spool));
    }
    try (Spool spool = Spool.open(directory, ROOMY)) {
      assertEquals(List.of(report(1), report(2), report(3)), all(spool));
      assertEquals(3, spool.pending());
    }
  }

  @Test
  void whatWasAcknowledgedIsNotReadAgain() throws IOException {
    try (Spool spool = Spool.open(directory, ROOMY)) {
      spool.append(List.of(report(1), report(2), report(3)));
      spool.acknowledge(2);
      assertEquals(List.of(report(3)), all(spool));
    }
    try (Spool spool = Spool.open(directory, ROOMY)) {
      assertEquals(List.of(report(3)), all(spool));
      spool.acknowledge(3);
      assertEquals(0, spool.pending());
    }
    try (Spool spool = Spool.open(directory, ROOMY)) {
      assertEquals(new Spool.Appending.Kept(4), spool.append(List.of(report(4))));
      assertEquals(List.of(report(4)), all(spool));
    }
  }

  @Test
  void aTailTornAtAnyByteLosesOnlyTheRecordThatWasNotWhole() throws IOException {
    try (Spool spool = Spool.open(directory, ROOMY)) {
      spool.append(List.of(report(1), report(2), report(3)));
    }
    Path segment = segments().getFirst();
    byte[] whole = Files.readAllBytes(segment);
    int two = 2 * whole.length / 3;
    for (int length = two; length < whole.length; length++) {
      Files.write(segment, java.util.Arrays.copyOf(whole, length));
      try (Spool spool = Spool.open(directory, ROOMY)) {
        assertEquals(List.of(report(1), report(2)), all(spool), "cut at " + length);
        assertEquals(length == two ? 0 : 1, spool.damagedSegments());
        assertInstanceOf(Spool.Appending.Kept.class, spool.append(List.of(report(9))));
        assertEquals(List.of(report(1), report(2), report(9)), all(spool));
      }
      for (Path other : segments()) {
        Files.delete(other);
      }
      Files.write(segment, whole);
    }
  }

  @Test
  void aFlippedBitEndsItsSegmentAndNeverGivesAnotherRecord() throws IOException {
    try (Spool spool = Spool.open(directory, ROOMY)) {
      spool.append(List.of(report(1), report(2), report(3)));
    }
    Path segment = segments().getFirst();
    byte[] whole = Files.readAllBytes(segment);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] broken = whole.clone();
      broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(segment, broken);
      try (Spool spool = Spool.open(directory, ROOMY)) {
        List<Outgoing> read = all(spool);
        assertEquals(List.of(report(1), report(2), report(3)).subList(0, read.size()), read);
        assertTrue(read.size() < 3);
      }
      Files.write(segment, whole);
    }
  }

  @Test
  void beyondItsBoundItSaysSoAndKeepsWhatItHas() throws IOException {
    try (Spool spool = Spool.open(directory, 1000)) {
      Spool.Appending answer = spool.append(List.of(report(1)));
      int kept = 0;
      while (answer instanceof Spool.Appending.Kept) {
        kept++;
        answer = spool.append(List.of(report(kept + 1)));
      }
      assertInstanceOf(Spool.Appending.Full.class, answer);
      assertEquals(kept, all(spool).size());
      assertTrue(spool.bytes() <= 1000);
    }
  }

  @Test
  void clearingDropsReportsAndHandsBaselinesBack() throws IOException {
    Outgoing baseline =
        new Outgoing(Destination.BASELINES, ByteString.copyFromUtf8("b"), ByteString.EMPTY);
    try (Spool spool = Spool.open(directory, ROOMY)) {
      spool.append(List.of(report(1), baseline, report(2)));
      spool.acknowledge(1);
      assertEquals(new Spool.Dropped(1, List.of(baseline)), spool.clear(0));
      assertEquals(0, spool.pending());
      assertEquals(0, spool.bytes());
      spool.append(List.of(report(5)));
      assertEquals(List.of(report(5)), all(spool));
    }
  }

  @Test
  void whatWaitsLongerThanItsBoundOfAgeIsFull() throws IOException {
    SteppedClock clock = new SteppedClock();
    Spool.Bounds bounds = new Spool.Bounds(ROOMY, Duration.ofHours(2));
    try (Spool spool = Spool.open(directory, bounds, clock)) {
      spool.append(List.of(report(1)));
      clock.forward(Duration.ofHours(1));
      spool.append(List.of(report(2)));
      clock.forward(Duration.ofHours(1));
      assertInstanceOf(Spool.Appending.Kept.class, spool.append(List.of(report(3))));
    }
    clock.forward(Duration.ofMillis(1));
    try (Spool spool = Spool.open(directory, bounds, clock)) {
      assertEquals(Duration.ofHours(2).plusMillis(1), spool.oldestAge());
      assertEquals(new Spool.Appending.Full("spool.max-age"), spool.append(List.of(report(4))));
      assertEquals(3, all(spool).size());
      spool.acknowledge(1);
      assertInstanceOf(Spool.Appending.Kept.class, spool.append(List.of(report(4))));
    }
  }

  @Test
  void aLossIsToldUntilTheRecordThatTellsItIsAcknowledged() throws IOException {
    SteppedClock clock = new SteppedClock();
    long began = clock.millis();
    Spool.Bounds bounds = new Spool.Bounds(ROOMY, Duration.ofHours(2));
    try (Spool spool = Spool.open(directory, bounds, clock)) {
      assertEquals(Optional.empty(), spool.untold());
      spool.append(List.of(report(1), report(2)));
      clock.forward(Duration.ofMinutes(5));
      spool.clear(1);
      assertEquals(Optional.of(new Loss(began, 3)), spool.untold());
    }
    try (Spool spool = Spool.open(directory, bounds, clock)) {
      assertEquals(Optional.of(new Loss(began, 3)), spool.untold(), "a kill does not forget it");
      spool.append(List.of(report(3)));
      spool.told();
      assertEquals(Optional.empty(), spool.untold());
      // The record that tells is dropped itself before anybody has read it.
      clock.forward(Duration.ofMinutes(5));
      spool.clear(0);
      assertEquals(Optional.of(new Loss(began, 4)), spool.untold());
      spool.append(List.of(report(4)));
      spool.told();
      spool.acknowledge(spool.oldest().orElseThrow());
      clock.forward(Duration.ofMinutes(5));
      spool.lose(2);
      assertEquals(
          Optional.of(new Loss(clock.millis(), 2)), spool.untold(), "what arrived is over");
    }
  }

  @Test
  void recordsOfEarlierCollectorsAreReadWithoutATime() {
    ByteString old =
        ByteString.copyFrom(new byte[] {1, 0, 1}).concat(ByteString.copyFromUtf8("kvalue"));
    assertEquals(
        new Outgoing(
            Destination.REPORTS, ByteString.copyFromUtf8("k"), ByteString.copyFromUtf8("value")),
        Outgoing.decode(old));
    assertEquals(0, Outgoing.millis(old));
  }

  /** A clock that stands until it is moved. */
  private static final class SteppedClock extends Clock {
    private Instant now = Instant.parse("2026-11-25T12:00:00Z");

    void forward(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void anySequenceOfOperationsEqualsAPlainQueue() throws IOException {
    Random random = new Random(20261122);
    List<Outgoing> model = new ArrayList<>();
    long next = 1;
    Spool spool = Spool.open(directory, ROOMY);
    for (int i = 0; i < 2000; i++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          spool.close();
          spool = Spool.open(directory, ROOMY);
        }
        case 1, 2, 3 -> {
          if (!model.isEmpty()) {
            int some = 1 + random.nextInt(model.size());
            spool.acknowledge(next - model.size() - 1 + some);
            model.subList(0, some).clear();
          }
        }
        default -> {
          List<Outgoing> batch = new ArrayList<>();
          for (int n = 1 + random.nextInt(4); n > 0; n--) {
            byte[] value = new byte[random.nextInt(20_000)];
            random.nextBytes(value);
            batch.add(
                new Outgoing(
                    Destination.REPORTS, ByteString.copyFromUtf8("k"), ByteString.copyFrom(value)));
          }
          next += batch.size();
          assertEquals(new Spool.Appending.Kept(next - 1), spool.append(batch));
          model.addAll(batch);
        }
      }
      assertEquals(model.size(), spool.pending());
      if (i % 50 == 0) {
        assertEquals(model, all(spool));
      }
    }
    assertEquals(model, all(spool));
    spool.close();
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(Segment.SUFFIX)).sorted().toList();
    }
  }

  static Outgoing report(int number) {
    return new Outgoing(
        Destination.REPORTS,
        ByteString.copyFromUtf8("installation"),
        ByteString.copyFromUtf8("report number " + (1000 + number)));
  }

  static List<Outgoing> all(Spool spool) throws IOException {
    List<Outgoing> records = new ArrayList<>();
    Optional<Spool.Stored> stored = spool.read(0);
    while (stored.isPresent()) {
      records.add(stored.get().record());
      stored = spool.read(stored.get().number() + 1);
    }
    return records;
  }
}
