package io.patina.engine.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.deviations.Group;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.inforce.InForce;
import io.patina.engine.judge.Waiving;
import io.patina.engine.maintenance.Held;
import io.patina.engine.maintenance.Maintenance;
import io.patina.engine.state.Installation;
import io.patina.engine.state.Standing;
import io.patina.engine.waivers.Waiver;
import io.patina.verdict.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether what happens to a host is told: not while it is retired, not during maintenance, and not
 * if all of it is waived. What was held back and is still so when nothing holds it back any more is
 * told then, all of a host in one event; what has come and gone is not.
 */
final class Telling {

  private static final int MOST_EXAMPLES = 5;

  private Telling() {}

  /** Groups that are to be told now. */
  static void groups(Host host, Deviations open, Instant at, InForce decided, SliceWork work) {
    Installation i = host.installation();
    for (Group group : open.tell()) {
      Event event = EventData.group(i, group, at);
      Optional<Maintenance> maintenance = maintenance(i, decided, work.now());
      List<Waiver> waivers = waivers(i, decided, work.now());
      if (i.isRetired()) {
        // It may come back: a host is not to hide what happens to it by saying that it goes.
        work.notices()
            .hold(event, Optional.of(group.id()), Optional.empty(), "the host is retired");
      } else if (maintenance.isPresent()) {
        work.notices()
            .hold(event, Optional.of(group.id()), Optional.empty(), name(maintenance.get()));
      } else if (!waivers.isEmpty() && unwaived(of(group.id(), open), waivers).isEmpty()) {
        work.notices()
            .hold(event, Optional.of(group.id()), Optional.empty(), "all of it is waived");
      } else {
        work.told(group.id(), at);
      }
      work.event(event);
    }
  }

  /** A new verdict. */
  static void verdict(
      Host host, Standing before, Optional<String> tipped, InForce decided, SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    Event event = EventData.verdict(i, before, tipped);
    Optional<Maintenance> maintenance = maintenance(i, decided, work.now());
    if (maintenance.isPresent()) {
      work.notices()
          .hold(
              event,
              Optional.empty(),
              Optional.of(before.number() == 0 ? "" : before.verdict().wireName()),
              name(maintenance.get()));
    } else if (work.notices().heldOf(work.connection(), i.id()).stream()
        .anyMatch(h -> h.verdict().isPresent())) {
      work.notices().silence(event, "told with what was held back");
    }
    work.event(event);
  }

  /** Tells what nothing holds back any more. */
  static void release(Host host, Deviations open, InForce decided, SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    if (maintenance(i, decided, work.now()).isPresent()) {
      return;
    }
    List<Held> held = work.notices().heldOf(work.connection(), i.id());
    if (held.isEmpty()) {
      return;
    }
    List<Waiver> waivers = waivers(i, decided, work.now());
    List<Held> freed = new ArrayList<>();
    ArrayNode groups = SliceWork.data().putArray("groups");
    Optional<String> previous = Optional.empty();
    for (Held h : held) {
      if (h.group().isEmpty()) {
        freed.add(h);
        previous = previous.or(h::verdict);
        continue;
      }
      List<Deviation> still = of(h.group().get(), open);
      List<Deviation> weighing = unwaived(still, waivers);
      if (still.isEmpty() || !weighing.isEmpty()) {
        freed.add(h);
      }
      if (!weighing.isEmpty()) {
        work.told(h.group().get(), work.now());
        groups.add(group(h.group().get(), weighing));
      }
    }
    work.notices().free(freed);
    boolean turned = previous.filter(p -> turned(p, i.standing().verdict())).isPresent();
    if (turned || !groups.isEmpty()) {
      work.event(released(i, freed, previous.filter(p -> turned && !p.isEmpty()), groups, work));
    }
  }

  /** When what is held back of a host may be told; empty if nothing is held back by its time. */
  static Optional<Instant> next(Installation i, InForce decided, Instant now) {
    return maintenance(i, decided, now).map(Maintenance::until);
  }

  static List<Waiver> waivers(Installation i, InForce decided, Instant now) {
    return decided.waivers(i.host(), i.pool(), i.assignedLabels(), now);
  }

  private static Optional<Maintenance> maintenance(Installation i, InForce decided, Instant now) {
    return decided.maintenance(i.host(), i.pool(), i.assignedLabels(), now);
  }

  private static String name(Maintenance m) {
    return "maintenance " + m.id();
  }

  /** A host that was new when a maintenance began has nothing to tell if it is as ordered. */
  private static boolean turned(String previous, Verdict now) {
    return previous.isEmpty() ? now != Verdict.CONFORMING : !previous.equals(now.wireName());
  }

  private static List<Deviation> of(UUID group, Deviations open) {
    return open.open().stream().filter(d -> group.equals(d.group())).toList();
  }

  private static List<Deviation> unwaived(List<Deviation> of, List<Waiver> waivers) {
    return waivers.isEmpty()
        ? of
        : of.stream().filter(d -> Waiving.by(d, waivers).isEmpty()).toList();
  }

  private static ObjectNode group(UUID id, List<Deviation> of) {
    ObjectNode node = SliceWork.data();
    node.put("group", id.toString());
    node.put("cause", of.getFirst().cause().wireName());
    node.put("deviations", of.size());
    ArrayNode examples = node.putArray("examples");
    of.stream()
        .limit(MOST_EXAMPLES)
        .map(d -> d.difference().key().facet() + " " + d.difference().key().displayName())
        .forEach(examples::add);
    return node;
  }

  private static Event released(
      Installation i,
      List<Held> freed,
      Optional<String> previous,
      ArrayNode groups,
      SliceWork work) {
    Standing v = i.standing();
    ObjectNode data = SliceWork.data();
    data.put("hostname", i.machine().hostname());
    data.put("pool", i.pool());
    data.put("verdict", v.verdict().wireName());
    previous.ifPresent(p -> data.put("previous", p));
    data.put("score", v.score());
    data.put("recommendation", v.recommendation().wireName());
    data.put("sentence", v.sentence());
    data.put("heldSince", freed.getFirst().at().toString());
    data.set("groups", groups);
    return new Event(
        EventIds.of(i.id(), Event.NOTICE_RELEASED, freed.getFirst().event(), freed.size()),
        i.host(),
        i.id(),
        Event.NOTICE_RELEASED,
        work.now(),
        data);
  }
}
