package io.patina.engine.reading;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpareTimeTest {

  private static final long MILLI = 1_000_000;

  private final SpareTime spare = new SpareTime(Duration.ofMillis(200));

  @Test
  void whileReportsWaitWhatCanWaitHasAQuarterOfTheTime() {
    long reports = 0;
    long other = 0;
    spare.took(200 * MILLI);
    for (int round = 0; round < 1000; round++) {
      reports += 60 * MILLI;
      spare.reportsTook(60 * MILLI, true);
      if (spare.isLeft()) {
        // One host may take longer than there is time.
        other += 90 * MILLI;
        spare.took(90 * MILLI);
      }
    }
    assertTrue(other <= reports / 3 + 90 * MILLI, other + " beside " + reports);
    assertTrue(other >= reports / 3 - 90 * MILLI, other + " beside " + reports);
  }

  @Test
  void whileNoneWaitItHasASliceAfterEachPoll() {
    spare.took(10_000 * MILLI);
    assertFalse(spare.isLeft());
    spare.reportsTook(0, false);
    assertTrue(spare.isLeft());
    assertTrue(spare.slice().isPresent());
    spare.took(200 * MILLI);
    assertFalse(spare.isLeft());
    assertTrue(spare.slice().isEmpty());
  }

  @Test
  void timeThatWasNotNeededIsNotSavedUp() {
    spare.reportsTook(60_000 * MILLI, true);
    spare.took(200 * MILLI);
    assertFalse(spare.isLeft());
  }
}
