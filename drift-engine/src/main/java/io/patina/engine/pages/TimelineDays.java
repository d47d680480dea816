package io.patina.engine.pages;

import static io.patina.engine.history.Event.BASELINE_SELECTED;
import static io.patina.engine.history.Event.DEVIATION_CALMED;
import static io.patina.engine.history.Event.DEVIATION_CHANGED;
import static io.patina.engine.history.Event.DEVIATION_CLOSED;
import static io.patina.engine.history.Event.DEVIATION_OPENED;
import static io.patina.engine.history.Event.DEVIATION_VOLATILE;
import static io.patina.engine.history.Event.GROUP_ACKNOWLEDGED;
import static io.patina.engine.history.Event.GROUP_OPENED;
import static io.patina.engine.history.Event.HEARD_AGAIN;
import static io.patina.engine.history.Event.HOST_ANNOUNCED;
import static io.patina.engine.history.Event.HOST_JOINED;
import static io.patina.engine.history.Event.HOST_RESTARTED;
import static io.patina.engine.history.Event.HOST_RETIRED;
import static io.patina.engine.history.Event.HOST_RETURNED;
import static io.patina.engine.history.Event.HOST_SEEN;
import static io.patina.engine.history.Event.IDENTITY_CLEARED;
import static io.patina.engine.history.Event.IDENTITY_CONFLICT;
import static io.patina.engine.history.Event.INSTALLATION_ADMITTED;
import static io.patina.engine.history.Event.INSTALLATION_REPLACED;
import static io.patina.engine.history.Event.INSTALLATION_REVOKED;
import static io.patina.engine.history.Event.IN_SYNC;
import static io.patina.engine.history.Event.KEY_ROTATED;
import static io.patina.engine.history.Event.LABELS_ASSIGNED;
import static io.patina.engine.history.Event.NOTICE_RELEASED;
import static io.patina.engine.history.Event.OUT_OF_SYNC;
import static io.patina.engine.history.Event.RESOLUTION_LOST;
import static io.patina.engine.history.Event.SILENT;
import static io.patina.engine.history.Event.SNAPSHOT_TAKEN;
import static io.patina.engine.history.Event.VERDICT_CHANGED;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.fleet.Requests;
import io.patina.engine.fleet.Timeline;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
      case DEVIATION_OPENED ->
          of(e, "opened", null, "Deviates: " + subject(data), kind(data, late));
      case DEVIATION_CLOSED ->
          of(e, "closed", null, "As expected again: " + subject(data), kind(data, late));
      case DEVIATION_CHANGED ->
          of(e, "opened", null, "Changed again: " + subject(data), kind(data, late));
      case DEVIATION_VOLATILE ->
          of(e, "opened", null, "Volatile: " + subject(data), text(data, "sentence", late));
      case DEVIATION_CALMED ->
          of(e, "opened", null, "Stands still, and deviates: " + subject(data), kind(data, late));
      case VERDICT_CHANGED -> {
        String to = data.path("verdict").asText("");
        yield of(
            e,
            "turned",
            Requests.VERDICTS.contains(to) ? to : null,
            "Became " + Escaped.text(to),
            text(data, "sentence", late));
      }
      case GROUP_OPENED -> of(e, "other", null, "Why it deviates", text(data, "sentence", late));
      case GROUP_ACKNOWLEDGED ->
          of(
              e,
              "other",
              null,
              data.path("authorised").asBoolean()
                  ? "Said to be authorised"
                  : "Said not to be authorised",
              text(data, "by", late));
      case HOST_SEEN -> of(e, "other", null, "Seen for the first time", late);
      case HOST_ANNOUNCED ->
          of(e, "other", null, "The collector announced", text(data, "what", late));
      case HOST_RETIRED ->
          of(
              e,
              "other",
              null,
              "Retired by " + text(data, "by", "nobody"),
              text(data, "reason", late));
      case HOST_RETURNED ->
          of(e, "other", null, "Reports again after it was retired", since(data, late));
      case NOTICE_RELEASED ->
          of(e, "other", null, "Told what was held back", text(data, "sentence", late));
      case HOST_RESTARTED -> of(e, "other", null, "The collector started anew", late);
      case SNAPSHOT_TAKEN -> of(e, "other", null, "A complete snapshot arrived", late);
      case RESOLUTION_LOST -> of(e, "other", "unobserved", lost(data), late);
      case OUT_OF_SYNC -> of(e, "other", null, "Out of sync", text(data, "reason", late));
      case IN_SYNC -> of(e, "other", null, "In sync again", late);
      case SILENT -> of(e, "other", "unobserved", "Silent", since(data, late));
      case HEARD_AGAIN -> of(e, "other", null, "Heard again", since(data, late));
      case IDENTITY_CONFLICT ->
          of(e, "other", "artisanal", "Identity conflict", text(data, "reason", late));
      case IDENTITY_CLEARED ->
          of(e, "other", null, "Identity conflict cleared", text(data, "reason", late));
      case BASELINE_SELECTED ->
          of(e, "other", null, "Compared with another baseline", text(data, "baseline", late));
      case INSTALLATION_ADMITTED -> of(e, "other", null, "Let in", text(data, "by", late));
      case INSTALLATION_REVOKED ->
          of(e, "other", "unobserved", "Revoked", text(data, "reason", late));
      case INSTALLATION_REPLACED ->
          of(e, "other", null, "The life before has ended", text(data, "reason", late));
      case HOST_JOINED -> of(e, "other", null, "A new life of this host", late);
      case KEY_ROTATED ->
          of(e, "other", null, "Another key, signed by the one before", text(data, "key", late));
      case LABELS_ASSIGNED -> of(e, "other", null, "Labels assigned", text(data, "labels", late));
      default -> of(e, "other", null, Escaped.text(e.kind()), late);
    };
  }

  private static Event of(
      Timeline.Event e, String kind, @Nullable String verdict, String text, @Nullable String hint) {
    Instant at = e.observedAt();
    return new Event(e.id(), kind, verdict, at.toString(), Words.second(at), text, hint);
  }

  private static String lost(JsonNode data) {
    return "Resolution lost from "
        + time(data.path("from").asText(""))
        + " to "
        + time(data.path("to").asText(""))
        + ", "
        + data.path("reports").asLong()
        + " reports: only the result is known";
  }

  private static String time(String iso) {
    try {
      Instant at = Instant.parse(iso);
      return Words.day(at) + " " + Words.second(at);
    } catch (DateTimeParseException e) {
      return Escaped.text(iso);
    }
  }

  /** The key, with the facet before those of all but files. */
  private static String subject(JsonNode data) {
    String facet = data.path("facet").asText("");
    String key = data.path("key").asText("");
    String shown = Words.safe(key);
    return facet.equals(Facet.FILE.wireName()) || facet.isEmpty()
        ? shown
        : Escaped.text(facet) + " " + shown;
  }

  private static @Nullable String kind(JsonNode data, @Nullable String late) {
    String kind = text(data, "kind", null);
    return kind == null ? late : kind + (late == null ? "" : ", " + late);
  }

  private static @Nullable String since(JsonNode data, @Nullable String late) {
    String since = text(data, "since", null);
    return since == null ? late : "since " + since;
  }

  private static @Nullable String text(JsonNode data, String name, @Nullable String otherwise) {
    String text = data.path(name).asText("");
    return text.isEmpty() ? otherwise : Words.safe(text);
  }
}
