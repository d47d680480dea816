package io.patina.engine.fleet;

import static io.patina.engine.history.Event.HEARD_AGAIN;
import static io.patina.engine.history.Event.HOST_ANNOUNCED;
import static io.patina.engine.history.Event.HOST_RESTARTED;
import static io.patina.engine.history.Event.IN_SYNC;
import static io.patina.engine.history.Event.OUT_OF_SYNC;
import static io.patina.engine.history.Event.RESOLUTION_LOST;
import static io.patina.engine.history.Event.SILENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a host was not observed, from the immutable events that begin and end such times. Pure: the
 * same events say the same, and a late one adds a time and rewrites none.
 */
public final class UnobservedTimes {

  /** Events that say something of it. */
  static final Set<String> KINDS =
      Set.of(
          SILENT,
          HEARD_AGAIN,
          HOST_ANNOUNCED,
          HOST_RESTARTED,
          OUT_OF_SYNC,
          IN_SYNC,
          RESOLUTION_LOST);

  /**
   * A time in which a host was not observed, or not proven to be as it is known.
   *
   * @param kind {@code silent}: nothing was heard; {@code stopped}: its collector did not run;
   *     {@code out-of-sync}: what it reported could not be proven; {@code resolution-lost}: only
   *     the result is known
   * @param from by the broker's clock; of {@code resolution-lost} by the host's
   * @param to likewise; null while it lasts
   * @param recordedAt when the engine wrote that it began
   * @param endRecordedAt when the engine wrote that it ended; null while it lasts
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Interval(
      String kind,
      Instant from,
      @Nullable Instant to,
      String reason,
      Instant recordedAt,
      @Nullable Instant endRecordedAt) {

    boolean covers(Instant moment) {
      return !from.isAfter(moment) && (to == null || to.isAfter(moment));
    }
  }

  private final Map<String, Interval> open = new LinkedHashMap<>();
  private final List<Interval> all = new ArrayList<>();

  private UnobservedTimes() {}

  /**
   * The times, latest first.
   *
   * @param events in the order in which they were observed
   */
  static List<Interval> of(List<Timeline.Event> events) {
    UnobservedTimes times = new UnobservedTimes();
    events.forEach(times::take);
    times.all.addAll(times.open.values());
    return times.all.stream().sorted(Comparator.comparing(Interval::from).reversed()).toList();
  }

  private void take(Timeline.Event e) {
    JsonNode data = e.data();
    switch (e.kind()) {
      case SILENT ->
          begin("silent", time(data, "since", e.observedAt()), "nothing was heard of it", e);
      case HEARD_AGAIN -> end("silent", e);
      case HOST_ANNOUNCED -> announced(data.path("what").asText(), e);
      case HOST_RESTARTED -> {
        if (!open.containsKey("stopped") && data.has("lastSeen")) {
          begin(
              "stopped",
              time(data, "lastSeen", e.observedAt()),
              "its collector ended without a word",
              e);
        }
        end("stopped", e);
      }
      case OUT_OF_SYNC -> begin("out-of-sync", e.observedAt(), data.path("reason").asText(), e);
      case IN_SYNC -> {
        if (!open.containsKey("out-of-sync")) {
          // What retention removed puts every host of a partition out of sync without a word.
          begin("out-of-sync", before(data, e.observedAt()), "reports of it were lost", e);
        }
        end("out-of-sync", e);
      }
      case RESOLUTION_LOST ->
          all.add(
              new Interval(
                  "resolution-lost",
                  time(data, "from", e.observedAt()),
                  time(data, "to", e.observedAt()),
                  data.path("reports").asLong() + " reports were lost on the host",
                  e.recordedAt(),
                  e.recordedAt()));
      default -> {}
    }
  }

  private void announced(String what, Timeline.Event e) {
    switch (what) {
      case "stopping", "rebooting" ->
          begin("stopped", e.observedAt(), "its collector announced: " + what, e);
      case "started" -> end("stopped", e);
      default -> {}
    }
  }

  private void begin(String kind, Instant from, String reason, Timeline.Event e) {
    Interval unused =
        open.putIfAbsent(kind, new Interval(kind, from, null, reason, e.recordedAt(), null));
  }

  private void end(String kind, Timeline.Event e) {
    Interval begun = open.remove(kind);
    if (begun != null) {
      all.add(
          new Interval(
              kind,
              begun.from(),
              e.observedAt(),
              begun.reason(),
              begun.recordedAt(),
              e.recordedAt()));
    }
  }

  private static Instant before(JsonNode data, Instant at) {
    try {
      return at.minus(Duration.parse(data.path("outOfSyncFor").asText("PT0S")));
    } catch (DateTimeException e) {
      return at;
    }
  }

  private static Instant time(JsonNode data, String name, Instant otherwise) {
    try {
      return Instant.parse(data.path(name).asText());
    } catch (DateTimeException e) {
      return otherwise;
    }
  }
}
