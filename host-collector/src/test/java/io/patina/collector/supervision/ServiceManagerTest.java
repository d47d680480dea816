package io.patina.collector.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServiceManagerTest {
  private static final long PID = 4711;

  @Test
  void theWatchdogIsOnlyOursIfItNamesThisProcess() {
    assertEquals(
        Optional.of(Duration.ofSeconds(3)),
        watchdog(Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "3000000")));
    assertEquals(
        Optional.of(Duration.ofSeconds(3)),
        watchdog(
            Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "4711")));
    assertEquals(
        Optional.empty(),
        watchdog(
            Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "1")));
    assertEquals(
        Optional.empty(), watchdog(Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "soon")));
    assertEquals(Optional.empty(), watchdog(Map.of("WATCHDOG_USEC", "3000000")));
    assertEquals(Optional.empty(), watchdog(Map.of()));
  }

  @Test
  void workThatStandsStillGetsNoPing() {
    AtomicLong pulse = new AtomicLong();
    ServiceManager.Progress progress = new ServiceManager.Progress(pulse::get);
    assertTrue(progress.isMade(), "it has just begun");
    assertFalse(progress.isMade());
    assertFalse(progress.isMade());
    pulse.incrementAndGet();
    assertTrue(progress.isMade());
    assertFalse(progress.isMade());
  }

  private static Optional<Duration> watchdog(Map<String, String> environment) {
    return ServiceManager.of(environment, PID).watchdog();
  }
}
