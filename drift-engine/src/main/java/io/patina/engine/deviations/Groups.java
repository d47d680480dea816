package io.patina.engine.deviations;

import io.patina.engine.history.EventIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Puts open deviations of one installation into groups: one cause, one actor, one time. Not safe
 * for use by several threads.
 */
final class Groups {

  private final UUID installation;
  private final Duration together;

  /**
   * When what is open was done, by kin and group: a function of the rows alone, so that an engine
   * that starts anew goes on as the one before would have.
   */
  private final Map<String, Map<UUID, NavigableMap<Instant, Integer>>> spans = new HashMap<>();

  private final Set<UUID> told = new HashSet<>();

  Groups(UUID installation, Duration together) {
    this.installation = installation;
    this.together = together;
  }

  /** These have been told. */
  void told(Set<UUID> groups) {
    told.addAll(groups);
  }

  /**
   * The group of a deviation whose cause is known; none while it is pending. What differed already
   * and is changed again much later belongs to what is done then, and not to what somebody has
   * acknowledged of its beginning.
   */
  Deviation join(Deviation d) {
    if (d.cause() == Cause.PENDING) {
      return d.in(null);
    }
    String kin = d.evidence().kin();
    return d.in(
        spans.getOrDefault(kin, Map.of()).entrySet().stream()
            .filter(s -> reaches(s.getValue(), d.doneAt()))
            .min(
                Comparator.comparing(
                        (Map.Entry<UUID, NavigableMap<Instant, Integer>> s) ->
                            s.getValue().firstKey())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .orElseGet(
                () ->
                    EventIds.of(installation, "group", kin, d.id(), String.valueOf(d.changes()))));
  }

  private boolean reaches(NavigableMap<Instant, Integer> done, Instant at) {
    return !at.isBefore(done.firstKey().minus(together))
        && !at.isAfter(done.lastKey().plus(together));
  }

  /** It is open from now on. */
  void enter(Deviation d) {
    UUID group = d.group();
    if (group != null) {
      int unused =
          spans
              .computeIfAbsent(d.evidence().kin(), k -> new HashMap<>())
              .computeIfAbsent(group, g -> new TreeMap<>())
              .merge(d.doneAt(), 1, Integer::sum);
    }
  }

  /** It is not open any more, or not as it was. */
  void leave(Deviation d) {
    UUID group = d.group();
    String kin = d.evidence().kin();
    Map<UUID, NavigableMap<Instant, Integer>> of = spans.get(kin);
    NavigableMap<Instant, Integer> onsets = of == null || group == null ? null : of.get(group);
    if (of == null || onsets == null) {
      return;
    }
    onsets.computeIfPresent(d.doneAt(), (o, n) -> n == 1 ? null : n - 1);
    if (onsets.isEmpty()) {
      of.remove(group);
    }
    if (of.isEmpty()) {
      spans.remove(kin);
    }
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
