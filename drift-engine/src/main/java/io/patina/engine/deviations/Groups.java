package io.patina.engine.deviations;

import io.patina.engine.history.EventIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Puts open deviations of one installation into groups: one cause, one actor, one time. Not safe
 * for use by several threads.
 */
final class Groups {

  /** A group and the time that it spans. */
  private record Span(UUID id, Instant earliest, Instant latest) {
    boolean reaches(Instant onset, Duration together) {
      return !onset.isBefore(earliest.minus(together)) && !onset.isAfter(latest.plus(together));
    }

    Span with(Instant onset) {
      return new Span(
          id, onset.isBefore(earliest) ? onset : earliest, onset.isAfter(latest) ? onset : latest);
    }
  }

  private final UUID installation;
  private final Duration together;
  private final Map<String, List<Span>> spans = new HashMap<>();
  private final Set<UUID> told = new HashSet<>();

  Groups(UUID installation, Duration together) {
    this.installation = installation;
    this.together = together;
  }

  /** Takes in a deviation as the table has it. One that need not be told any more has been. */
  void restore(Deviation d) {
    UUID group = d.group();
    if (group != null) {
      enter(d, group, d.onset().latest());
      if (d.tellAt() == null) {
        told.add(group);
      }
    }
  }

  /**
   * The group of a deviation whose cause is known; none while it is pending.
   *
   * @param at when it was done: what differed already and is changed again belongs to what is done
   *     now, and not to what somebody has acknowledged of its beginning
   */
  Deviation join(Deviation d, Instant at) {
    if (d.cause() == Cause.PENDING) {
      return d.in(null);
    }
    String kinName = d.evidence().kin();
    List<Span> kin = spans.computeIfAbsent(kinName, k -> new ArrayList<>());
    UUID group =
        kin.stream()
            .filter(s -> s.reaches(at, together))
            .map(Span::id)
            .findFirst()
            .orElseGet(
                () ->
                    d.changes() == 0
                        ? EventIds.of(installation, "group", kinName, d.id())
                        : EventIds.of(installation, "group", kinName, d.id(), d.changes()));
    enter(d, group, at);
    return d.in(group);
  }

  private void enter(Deviation d, UUID group, Instant onset) {
    List<Span> kin = spans.computeIfAbsent(d.evidence().kin(), k -> new ArrayList<>());
    for (int i = 0; i < kin.size(); i++) {
      if (kin.get(i).id().equals(group)) {
        kin.set(i, kin.get(i).with(onset));
        return;
      }
    }
    kin.add(new Span(group, onset, onset));
  }

  /** Groups that are to be told and have not been, with what is open of them; now they have. */
  List<Group> tell(Collection<Deviation> open) {
    Map<UUID, List<Deviation>> untold = new LinkedHashMap<>();
    for (Deviation d : open) {
      UUID group = d.group();
      if (group != null && !told.contains(group)) {
        untold.computeIfAbsent(group, g -> new ArrayList<>()).add(d);
      }
    }
    List<Group> groups = new ArrayList<>();
    untold.forEach(
        (id, of) -> {
          if (of.stream().anyMatch(d -> d.tellAt() == null)) {
            told.add(id);
            groups.add(group(id, of));
          }
        });
    return groups;
  }

  private static Group group(UUID id, List<Deviation> of) {
    Deviation first = of.getFirst();
    Instant latest = first.onset().latest();
    for (Deviation d : of) {
      first = d.onset().latest().isBefore(first.onset().latest()) ? d : first;
      latest = d.onset().latest().isAfter(latest) ? d.onset().latest() : latest;
    }
    return new Group(
        id,
        first.evidence(),
        of.size(),
        first.onset(),
        latest,
        of.stream()
            .limit(Group.MOST_EXAMPLES)
            .map(d -> d.difference().key().facet() + " " + d.difference().key().displayName())
            .toList());
  }
}
