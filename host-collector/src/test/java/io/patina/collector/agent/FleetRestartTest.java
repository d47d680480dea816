package io.patina.collector.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.delivery.Pauses;
import io.patina.collector.live.Phases;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A hundred thousand collectors, simulated: only the times at which each does what loads a broker,
 * by the collector's own rules. Seeded.
 */
class FleetRestartTest {
  private static final int FLEET = 100_000;
  private static final Duration SPREAD = Duration.ofSeconds(30);
  private static final Duration HEARTBEAT = Duration.ofSeconds(60);
  private static final Duration SNAPSHOT = Duration.ofHours(24);

  /** Around an even rate of some thousands a second chance alone makes a few hundred more. */
  private static final double CHANCE = 1.15;

  @Test
  void whoStartsTogetherConnectsOverTheWholeSpread() {
    Random random = new Random(1);
    int[] perSecond = new int[(int) SPREAD.toSeconds()];
    for (int i = 0; i < FLEET; i++) {
      byte[] id = new byte[16];
      random.nextBytes(id);
      Duration at = Pauses.atStart(ByteString.copyFrom(id), SPREAD);
      assertEquals(at, Pauses.atStart(ByteString.copyFrom(id), SPREAD), "one host, one place");
      perSecond[(int) at.toSeconds()]++;
    }
    assertPeakBelow(perSecond, FLEET / (double) SPREAD.toSeconds() * CHANCE);
  }

  @Test
  void withoutASpreadTheConnectionIsMadeAtOnce() {
    assertEquals(Duration.ZERO, Pauses.atStart(ByteString.copyFrom(new byte[16]), Duration.ZERO));
  }

  @Test
  void heartbeatsOfWhoStartedTogetherAreSpreadFromTheFirstOn() {
    int[] perSecond = new int[(int) HEARTBEAT.toSeconds() * 10];
    for (int i = 0; i < FLEET; i++) {
      Phases phases = new Phases(new SplittableRandom(i));
      long at = phases.first(HEARTBEAT).toMillis();
      while (at < perSecond.length * 1000L) {
        perSecond[(int) (at / 1000)]++;
        at += phases.next(HEARTBEAT).toMillis();
      }
    }
    // On average each comes a twentieth early.
    assertPeakBelow(perSecond, FLEET / (HEARTBEAT.toSeconds() * 0.95) * CHANCE);
    assertTrue(IntStream.of(perSecond).min().orElseThrow() > FLEET / HEARTBEAT.toSeconds() / 2);
  }

  @Test
  void selfContainedSnapshotsAreSpreadOverTheirInterval() {
    int[] perMinute = new int[(int) SNAPSHOT.toMinutes() * 3];
    for (int i = 0; i < FLEET; i++) {
      Phases phases = new Phases(new SplittableRandom(i));
      long at = phases.first(SNAPSHOT).toMinutes();
      while (at < perMinute.length) {
        perMinute[(int) at]++;
        at += phases.next(SNAPSHOT).toMinutes();
      }
    }
    // 73 a minute on average, of which chance makes more.
    assertPeakBelow(perMinute, FLEET / (SNAPSHOT.toMinutes() * 0.95) * 1.6);
  }

  @Test
  void whenBrokersComeBackAfterAnHourNobodyStormsThem() {
    int back = (int) Duration.ofHours(1).toSeconds();
    int[] perSecond = new int[180];
    for (int i = 0; i < FLEET; i++) {
      SplittableRandom random = new SplittableRandom(i);
      double at = 0;
      for (int failures = 1; at < back; failures++) {
        at += Pauses.afterFailure(failures, random).toMillis() / 1000.0;
      }
      perSecond[(int) at - back]++;
    }
    assertEquals(FLEET, IntStream.of(perSecond).limit(61).sum(), "all are back within a minute");
    // Who waits at a random moment is more likely in a long wait: twice the even rate at first.
    assertPeakBelow(perSecond, FLEET / 60.0 * 2);
  }

  @Test
  void theFirstFailuresWaitShortlySoThatABrokerThatRestartsIsFoundAgainAtOnce() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 1000; i++) {
      assertTrue(Pauses.afterFailure(1, random).compareTo(Duration.ofMillis(250)) <= 0);
      assertTrue(Pauses.afterFailure(1, random).compareTo(Duration.ofMillis(25)) >= 0);
    }
  }

  private static void assertPeakBelow(int[] counts, double most) {
    int peak = IntStream.of(counts).max().orElseThrow();
    assertTrue(peak <= most, peak + " at once, more than " + most);
  }
}
