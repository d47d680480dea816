package io.patina.engine.pages;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.fleet.Requests;
import io.patina.engine.fleet.Timeline;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened to a host, by day. */
final class TimelineDays {

  /** Recorded this much after being observed: a late report, worth saying. */
  private static final Duration LATE = Duration.ofMinutes(2);

  private TimelineDays() {}

  /** One day, latest event first. */
  record Day(String date, List<Event> events) {}

  /**
   * One event.
   *
   * @param kind {@code opened}, {@code closed}, {@code turned} or {@code other}: how it is marked
   * @param verdict the verdict that it turned to; null for other kinds
   */
  record Event(
      String id,
      String kind,
      @Nullable String verdict,
      String iso,
      String time,
      String text,
      @Nullable String hint) {}

  static List<Day> of(List<Timeline.Event> events) {
    Map<String, List<Event>> days = new LinkedHashMap<>();
    for (Timeline.Event e : events) {
      days.computeIfAbsent(Words.day(e.observedAt()), d -> new ArrayList<>()).add(event(e));
    }
    return days.entrySet().stream().map(d -> new Day(d.getKey(), d.getValue())).toList();
  }

  private static Event event(Timeline.Event e) {
    JsonNode data = e.data();
    String late =
        Duration.between(e.observedAt(), e.recordedAt()).compareTo(LATE) > 0
            ? "recorded " + Words.minute(e.recordedAt())
            : null;
    return switch (e.kind()) {
      case "deviation.opened" ->
          of(e, "opened", null, "Deviates: " + subject(data), late(data, late));
      case "deviation.closed" ->
          of(e, "closed", null, "As expected again: " + subject(data), late(data, late));
      case "deviation.changed" ->
          of(e, "opened", null, "Changed again: " + subject(data), late(data, late));
      case "verdict.changed" -> {
        String to = word(data, "verdict", "to");
        yield of(
            e,
            "turned",
            Requests.VERDICTS.contains(to) ? to : null,
            "Became " + Escaped.text(to),
            text(data, "sentence", late));
      }
      default ->
          of(
              e,
              "other",
              null,
              Escaped.text(e.kind()),
              text(data, "reason", text(data, "detail", late)));
    };
  }

  private static Event of(
      Timeline.Event e, String kind, @Nullable String verdict, String text, @Nullable String hint) {
    Instant at = e.observedAt();
    return new Event(e.id(), kind, verdict, at.toString(), Words.second(at), text, hint);
  }

  /** The key, with the facet before those of all but files. */
  private static String subject(JsonNode data) {
    String facet = word(data, "facet", "facet");
    String key = word(data, "key", "key");
    String shown = Words.safe(key);
    return facet.equals(Facet.FILE.wireName()) || facet.isEmpty()
        ? shown
        : Escaped.text(facet) + " " + shown;
  }

  private static @Nullable String late(JsonNode data, @Nullable String late) {
    String kind = word(data, "kind", "kind");
    return kind.isEmpty() ? late : Escaped.text(kind) + (late == null ? "" : ", " + late);
  }

  private static String word(JsonNode data, String name, String otherwise) {
    return data.path(name).asText(data.path(otherwise).asText(""));
  }

  private static @Nullable String text(JsonNode data, String name, @Nullable String otherwise) {
    String text = data.path(name).asText("");
    return text.isEmpty() ? otherwise : Words.safe(text);
  }
}
