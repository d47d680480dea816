package io.patina.collector.scanning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.collector.files.Pace;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final long SECOND = 1_000_000_000L;

  /** Time passes when somebody sleeps or works, and only then. */
  private static final class Hand implements Budget.Clocks {
    private long now = 5;
    private long cpu = 7;

    @Override
    public long cpuNanos() {
      return cpu;
    }

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void park(long nanos) {
      now += nanos;
    }

    private void work(long nanos) {
      now += nanos;
      cpu += nanos;
    }
  }

  private final Hand hand = new Hand();

  @Test
  void whatIsReadTakesAsLongAsTheRateSays() {
    Budget budget = new Budget(64, 1_000_000, hand);
    Pace pace = budget.begin();
    long began = hand.now;
    for (int i = 0; i < 100; i++) {
      hand.work(SECOND / 1000);
      pace.read(100_000);
    }
    assertEquals(10, (hand.now - began) / (double) SECOND, 0.01);
    assertEquals(9.9, budget.sleptNanos() / (double) SECOND, 0.01);
  }

  @Test
  void whatIsLookedAtTakesNoMoreThanTheShareOfACore() {
    Budget budget = new Budget(0.2, Long.MAX_VALUE, hand);
    Pace pace = budget.begin();
    long began = hand.now;
    for (int i = 0; i < 64_000; i++) {
      hand.work(SECOND / 64_000);
      pace.looked();
    }
    assertEquals(5, (hand.now - began) / (double) SECOND, 0.05);
  }

  @Test
  void aScanWithinItsBudgetIsNotHeldUp() {
    Budget budget = new Budget(0.5, 1_000_000, hand);
    Pace pace = budget.begin();
    for (int i = 0; i < 1000; i++) {
      hand.work(SECOND / 1000);
      hand.park(SECOND / 100);
      pace.looked();
      pace.read(1000);
    }
    assertEquals(0, budget.sleptNanos());
  }

  @Test
  void whoSleepsForTheBudgetIsWokenWhenTheCollectorStops() {
    Budget budget = new Budget(64, 1, hand);
    Pace pace = budget.begin();
    budget.cancel();
    assertThrows(CancellationException.class, () -> pace.read(1_000_000));
    assertTrue(budget.sleptNanos() < SECOND);
  }
}
