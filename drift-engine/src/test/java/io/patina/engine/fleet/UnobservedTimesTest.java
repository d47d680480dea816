package io.patina.engine.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.engine.fleet.UnobservedTimes.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnobservedTimesTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private final List<Timeline.Event> events = new ArrayList<>();

  private void happens(int minute, String kind, Map<String, String> data) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    data.forEach(node::put);
    events.add(
        new Timeline.Event(
            "e" + events.size(), kind, "i", at(minute), at(minute).plusSeconds(1), node));
  }

  private static Instant at(int minute) {
    return NOW.plusSeconds(60L * minute);
  }

  /** {@code KIND FROM..TO} in minutes. */
  private List<String> times() {
    return UnobservedTimes.of(events).stream().map(UnobservedTimesTest::shown).toList();
  }

  private static String shown(Interval i) {
    return i.kind()
        + " "
        + minutes(i.from())
        + ".."
        + Optional.ofNullable(i.to()).map(UnobservedTimesTest::minutes).orElse("");
  }

  private static String minutes(Instant moment) {
    return String.valueOf((moment.getEpochSecond() - NOW.getEpochSecond()) / 60);
  }

  @Test
  void silenceBeginsWhenItWasLastHeard() {
    happens(0, "host.seen", Map.of());
    happens(20, "host.silent", Map.of("since", at(5).toString()));
    assertEquals(List.of("silent 5.."), times());
    happens(30, "host.heard-again", Map.of("since", at(5).toString()));
    assertEquals(List.of("silent 5..30"), times());
  }

  @Test
  void aCollectorThatStopsIsNotObservingUntilItStartsAnew() {
    happens(1, "host.announced", Map.of("what", "stopping"));
    happens(9, "host.restarted", Map.of("lastSeen", at(1).toString()));
    happens(9, "host.announced", Map.of("what", "started"));
    assertEquals(List.of("stopped 1..9"), times());
    happens(20, "host.restarted", Map.of("lastSeen", at(15).toString()));
    assertEquals(List.of("stopped 15..20", "stopped 1..9"), times(), "it ended without a word");
  }

  @Test
  void whatCannotBeProvenIsATimeOfItsOwn() {
    happens(1, "host.out-of-sync", Map.of("reason", "a report is missing"));
    happens(2, "host.out-of-sync", Map.of("reason", "and another"));
    happens(4, "host.in-sync", Map.of());
    assertEquals(List.of("out-of-sync 1..4"), times());
    happens(30, "host.in-sync", Map.of("outOfSyncFor", "PT10M"));
    assertEquals(List.of("out-of-sync 20..30", "out-of-sync 1..4"), times());
  }

  @Test
  void aLateEventAddsATimeAndRewritesNone() {
    happens(20, "host.silent", Map.of("since", at(5).toString()));
    happens(30, "host.heard-again", Map.of());
    List<Interval> before = UnobservedTimes.of(events);
    happens(40, "resolution.lost", Map.of("from", at(6).toString(), "to", at(29).toString()));
    List<Interval> after = UnobservedTimes.of(events);
    assertTrue(after.containsAll(before));
    assertEquals(before.size() + 1, after.size());
  }

  @Test
  void amomentIsCoveredFromItsBeginningAndNotAtItsEnd() {
    happens(20, "host.silent", Map.of("since", at(5).toString()));
    happens(30, "host.heard-again", Map.of());
    Interval silent = UnobservedTimes.of(events).getFirst();
    assertTrue(silent.covers(at(5)));
    assertFalse(silent.covers(at(30)));
    assertFalse(silent.covers(at(4)));
  }
}
