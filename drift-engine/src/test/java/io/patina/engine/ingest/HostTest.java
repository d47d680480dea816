package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.engine.state.Contact;
import io.patina.engine.state.Installation;
import io.patina.engine.state.Machine;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HostTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static Installation installation() {
    UUID id = new UUID(1, 2);
    return new Installation(
        id,
        id,
        0,
        ByteString.EMPTY,
        NOW,
        "default",
        Map.of(),
        new Contact(NOW, NOW, NOW, id, 1, ByteString.EMPTY, 300),
        new Machine(ByteString.EMPTY, ByteString.EMPTY, "", Map.of(), "", ByteString.EMPTY),
        new Sync(Sync.Kind.PROVEN, NOW, ""),
        new Standing(Verdict.CONFORMING, 0, Recommendation.NONE, "", List.of(), NOW, 1, null));
  }

  private static void reports(Host host, int second, int waySeconds) {
    host.tookItsWay(Duration.ofSeconds(waySeconds), NOW.plusSeconds(second));
  }

  @Test
  void aClockThatIsWrongIsNoDelay() {
    Host host = new Host(installation(), false);
    reports(host, 0, -600);
    assertEquals(Duration.ZERO, host.delay());
    assertEquals(Optional.of(600_000L), host.skewMillis(), "it is ten minutes ahead");
    reports(host, 1, -480);
    assertEquals(Duration.ofMinutes(2), host.delay());
    assertEquals(Optional.empty(), host.skewMillis(), "a late report says nothing of the clock");
  }

  @Test
  void aClockThatHasBeenSetIsNoDelayOnceItIsSteady() {
    Host host = new Host(installation(), false);
    reports(host, 0, -600);
    reports(host, 300, 0);
    assertTrue(host.delay().compareTo(Duration.ofMinutes(1)) > 0, "it may be a late report");
    reports(host, 600, 0);
    assertEquals(Duration.ZERO, host.delay());
    assertEquals(Optional.of(0L), host.skewMillis());
  }

  @Test
  void aBacklogThatArrivesAtOnceIsLateThroughout() {
    Host host = new Host(installation(), false);
    reports(host, 0, 0);
    for (int i = 0; i < 20; i++) {
      reports(host, 600 + i, 500);
    }
    assertEquals(Duration.ofSeconds(500), host.delay());
  }

  @Test
  void anotherReplicaKnowsTheClockAndSoWhatIsLate() {
    Installation known = installation();
    known.skewMillis(600_000L);
    Host host = new Host(known, false);
    reports(host, 0, -300);
    assertEquals(Duration.ofMinutes(5), host.delay());
  }
}
