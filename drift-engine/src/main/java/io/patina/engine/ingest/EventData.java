package io.patina.engine.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.comparison.Difference;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.deviations.DeviationTable;
import io.patina.engine.deviations.Group;
import io.patina.engine.deviations.Step;
import io.patina.engine.deviations.Unrest;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.reports.Decoded;
import io.patina.engine.state.Installation;
import io.patina.engine.state.KeyId;
import io.patina.engine.state.Since;
import io.patina.engine.state.Standing;
import io.patina.verdict.Recommendation;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Makes events from what happened. Pure: the same happening has the same event. */
final class EventData {

  private static final ObjectMapper JSON = new ObjectMapper();

  private EventData() {}

  /** Something that a report told. */
  static Event report(
      Installation i, Decoded.Accepted report, String kind, String name, String text) {
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put(name, text);
    return new Event(
        EventIds.of(i.id(), report.incarnation(), report.sequence(), kind),
        i.host(),
        i.id(),
        kind,
        report.arrival().at(),
        data);
  }

  /**
   * Its collector started anew.
   *
   * @param lastSeen when the start before was last heard, by the broker's clock
   */
  static Event restarted(Installation i, Decoded.Accepted report, Instant lastSeen) {
    Event event =
        report(i, report, Event.HOST_RESTARTED, "incarnation", report.incarnation().toString());
    event.data().put("lastSeen", lastSeen.toString());
    return event;
  }

  /**
   * Reports were lost on the host. Numbered by their beginning: a collector that was killed may
   * tell of it twice.
   */
  static Event lost(
      Installation i, Decoded.Accepted report, Instant from, Instant to, long reports) {
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put("from", from.toString());
    data.put("to", to.toString());
    data.put("reports", reports);
    return new Event(
        EventIds.of(i.id(), Event.RESOLUTION_LOST, from),
        i.host(),
        i.id(),
        Event.RESOLUTION_LOST,
        report.arrival().at(),
        data);
  }

  /** Something that time or an operator did; numbered by what makes it the only one. */
  static Event other(
      Installation i, String kind, Object number, Instant at, String name, String text) {
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put(name, text);
    return new Event(EventIds.of(i.id(), kind, number), i.host(), i.id(), kind, at, data);
  }

  /** A step of a deviation; empty for those that are not told. */
  static Optional<Event> step(Installation i, Step step) {
    Deviation d = step.deviation();
    Difference difference = d.difference();
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put("deviation", d.id().toString());
    data.put("facet", difference.key().facet());
    data.put("key", difference.key().displayName());
    if (!difference.key().name().isValidUtf8()) {
      data.put(
          "keyBytes", Base64.getEncoder().encodeToString(difference.key().name().toByteArray()));
    }
    data.put("kind", difference.kind().wireName());
    data.put("class", d.driftClass().wireName());
    data.put("cause", d.cause().wireName());
    put(data, "because", d.evidence().because());
    d.evidence().writer().ifPresent(w -> data.set("writtenBy", w.json()));
    if (d.group() != null) {
      data.put("group", d.group().toString());
    }
    difference.owner().ifPresent(o -> data.put("owner", o));
    data.set("expected", DeviationTable.node(difference.expected()));
    data.set("actual", DeviationTable.node(difference.actual()));
    data.put("recommendation", i.standing().recommendation().wireName());
    put(data, "onset", d.onset());
    String kind =
        switch (step) {
          case Step.Opened opened -> {
            data.put("factSince", opened.factSince().latest().toString());
            yield Event.DEVIATION_OPENED;
          }
          case Step.Changed changed -> {
            data.put("changes", changed.deviation().changes());
            yield Event.DEVIATION_CHANGED;
          }
          case Step.Closed closed -> {
            put(data, "end", closed.end());
            data.put("endCause", closed.why().wireName());
            yield Event.DEVIATION_CLOSED;
          }
          case Step.Listed listed -> "";
          case Step.Restless restless -> restless(restless, data);
          case Step.Explained explained -> "";
        };
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Event(
            EventIds.of(i.id(), step.circumstances().origin(), kind, KeyId.of(difference.key())),
            i.host(),
            i.id(),
            kind,
            step.circumstances().observedAt(),
            data));
  }

  private static String restless(Step.Restless step, ObjectNode data) {
    Unrest unrest = step.deviation().unrest();
    return switch (step.what()) {
      case WENT_ON -> "";
      case CALMED -> Event.DEVIATION_CALMED;
      case BECAME -> {
        data.put("sentence", Restlessness.sentence(step.deviation()));
        data.put("changes", unrest.changes());
        data.put("first", String.valueOf(unrest.first()));
        data.put("last", String.valueOf(unrest.last()));
        yield Event.DEVIATION_VOLATILE;
      }
    };
  }

  /** Deviations of one cause at one time, told once. */
  static Event group(Installation i, Group group, Instant at) {
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put("pool", i.pool());
    data.put("group", group.id().toString());
    data.put("sentence", group.sentence());
    data.put("cause", group.evidence().cause().wireName());
    put(data, "because", group.evidence().because());
    put(data, "actor", group.evidence().actor());
    group.evidence().writer().ifPresent(w -> data.set("writtenBy", w.json()));
    data.put("deviations", group.deviations());
    ArrayNode examples = data.putArray("examples");
    group.examples().forEach(examples::add);
    put(data, "onset", group.first());
    data.put("latest", group.latest().toString());
    data.put("verdict", i.standing().verdict().wireName());
    data.put("recommendation", i.standing().recommendation().wireName());
    return new Event(
        EventIds.of(i.id(), Event.GROUP_OPENED, group.id()),
        i.host(),
        i.id(),
        Event.GROUP_OPENED,
        at,
        data);
  }

  /**
   * An image that no approved baseline is of; the same event whichever host tells of it.
   *
   * @param revision of the catalogue, in which it may be known in between
   */
  static Event image(Installation i, Instant at, long revision) {
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put("pool", i.pool());
    data.put("image", i.image().name());
    data.put("recommendation", Recommendation.FIX_BASELINE.wireName());
    data.put(
        "sentence",
        "Hosts run "
            + i.image().name()
            + ", of which there is no approved baseline: import it, sign it, have it approved.");
    return new Event(
        EventIds.of(Event.IMAGE_UNKNOWN, i.image().name(), revision),
        i.host(),
        i.id(),
        Event.IMAGE_UNKNOWN,
        at,
        data);
  }

  private static void put(ObjectNode data, String name, String text) {
    if (!text.isEmpty()) {
      data.put(name, text);
    }
  }

  /** A new verdict. */
  static Event verdict(Installation i, Standing before, Optional<String> tipped) {
    Standing v = i.standing();
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put("pool", i.pool());
    data.put("verdict", v.verdict().wireName());
    if (before.number() > 0) {
      data.put("previous", before.verdict().wireName());
    }
    data.put("score", v.score());
    data.put("recommendation", v.recommendation().wireName());
    data.put("sentence", v.sentence());
    tipped.ifPresent(t -> data.put("tipped", t));
    ArrayNode reasons = data.putArray("reasons");
    List<String> all = v.reasons();
    all.forEach(reasons::add);
    data.set("breakdown", JSON.valueToTree(v.breakdown()));
    data.set("advice", JSON.valueToTree(v.advice()));
    data.put("baseline", i.compared().baselineName());
    data.put("openDeviations", i.compared().open());
    data.put("number", v.number());
    return new Event(
        EventIds.of(i.id(), Event.VERDICT_CHANGED, v.number()),
        i.host(),
        i.id(),
        Event.VERDICT_CHANGED,
        v.since(),
        data);
  }

  private static void put(ObjectNode data, String name, Since since) {
    ObjectNode node = data.putObject(name);
    Instant earliest = since.earliest();
    if (earliest != null) {
      node.put("earliest", earliest.toString());
    }
    node.put("latest", since.latest().toString());
    node.put("exact", since.latest().equals(earliest));
  }
}
