package io.patina.engine.deviations;

import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sets in memory, least recently used first out. They are immutable and named by content, so that
 * none is ever stale; one that is not in the database yet is written with the first share of it.
 * Safe for threads.
 */
public final class SharedSets {

  /** Members of all sets in memory. */
  private static final int MOST_MEMBERS = 100_000;

  /** Sets of a baseline that are tried. */
  private static final int MOST_TRIED = 12;

  /** Fewer than this are not worth a share in a set, or a set. */
  private static final int FEW = 100;

  /** Members of one set. */
  static final int MOST_OF_ONE = 10_000;

  /** Deviations of one host in sets, and members of new sets in one transaction, about. */
  public static final int MOST_OF_A_HOST = 50_000;

  private final Map<Digest, DriftSet> held = new LinkedHashMap<>(16, 0.75f, true);
  private int members;

  /** The set of that id; empty if there is none. */
  synchronized Optional<DriftSet> get(Connection connection, Digest id) throws SQLException {
    DriftSet known = held.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<DriftSet> read = ShareTable.set(connection, id);
    read.ifPresent(this::keep);
    return read;
  }

  /**
   * The sets for these deviations: exactly theirs if there is one; else those that are known and
   * nearly have them, so that hosts with facts of their own share them too. New ones only if, with
   * these, less than half of the group were in sets: what a host has beside the others' has rows,
   * or is counted.
   *
   * @param deviations of one group, in no set
   * @param inSets how many of their group are in sets already
   * @param mostNew members that new sets may have, all together
   */
  public synchronized List<DriftSet> fitting(
      Connection connection,
      Digest baseline,
      Collection<Deviation> deviations,
      long inSets,
      long mostNew)
      throws SQLException {
    Map<FactKey, Deviation> rest = new HashMap<>();
    deviations.forEach(d -> rest.put(d.difference().key(), d));
    if (rest.size() <= MOST_OF_ONE) {
      Optional<DriftSet> same = exactly(rest);
      if (same.isEmpty()) {
        same = get(connection, DriftSet.of(baseline, rest.values()).id());
      }
      if (same.isPresent()) {
        return List.of(same.get());
      }
    }
    List<DriftSet> fitting = new ArrayList<>();
    for (DriftSet other : tried(connection, baseline, rest)) {
      List<FactKey> alike = alike(rest, other);
      if (isWorth(alike.size(), other)) {
        fitting.add(other);
        alike.forEach(rest::remove);
        var unused = held.get(other.id());
      }
    }
    long covered = inSets + deviations.size() - rest.size();
    if (2 * covered < inSets + deviations.size()) {
      fitting.addAll(made(baseline, rest.values(), mostNew));
    }
    return fitting;
  }

  /** The set of just these, if it is in memory: without its name, which would have to be summed. */
  private Optional<DriftSet> exactly(Map<FactKey, Deviation> of) {
    Optional<DriftSet> same =
        held.values().stream()
            .filter(s -> s.members().size() == of.size() && alike(of, s).size() == of.size())
            .findFirst();
    same.ifPresent(s -> held.get(s.id()));
    return same;
  }

  /** Sets of a baseline, those with most of what there is first. */
  private List<DriftSet> tried(Connection connection, Digest baseline, Map<FactKey, Deviation> of)
      throws SQLException {
    List<DriftSet> known =
        new ArrayList<>(
            held.values().stream().filter(s -> s.baseline().equals(baseline)).toList().reversed());
    if (known.isEmpty()) {
      for (Digest id : ShareTable.latest(connection, baseline, MOST_TRIED)) {
        get(connection, id).ifPresent(known::add);
      }
    }
    Map<Digest, Integer> alike = new HashMap<>();
    known.stream().limit(MOST_TRIED).forEach(s -> alike.put(s.id(), alike(of, s).size()));
    return known.stream()
        .limit(MOST_TRIED)
        .sorted(Comparator.comparing((DriftSet s) -> alike.getOrDefault(s.id(), 0)).reversed())
        .toList();
  }

  private List<DriftSet> made(Digest baseline, Collection<Deviation> of, long mostNew) {
    List<Deviation> sorted =
        of.stream().sorted(Comparator.comparing(d -> d.difference().key())).toList();
    int most = (int) Math.min(mostNew, sorted.size());
    List<DriftSet> made = new ArrayList<>();
    for (int from = 0; most - from >= FEW; from += MOST_OF_ONE) {
      DriftSet set =
          DriftSet.of(baseline, sorted.subList(from, Math.min(most, from + MOST_OF_ONE)));
      keep(set);
      made.add(set);
    }
    return made;
  }

  private static List<FactKey> alike(Map<FactKey, Deviation> of, DriftSet set) {
    List<FactKey> alike = new ArrayList<>();
    for (DriftSet.Member m : set.members()) {
      Deviation own = of.get(m.key());
      if (own != null && m.isAs(own)) {
        alike.add(m.key());
      }
    }
    return alike;
  }

  /** A row says what a host lacks of its set: no more than what it has of it. */
  private static boolean isWorth(int alike, DriftSet set) {
    return alike >= FEW && set.members().size() - alike <= alike;
  }

  private void keep(DriftSet set) {
    if (held.put(set.id(), set) == null) {
      members += set.members().size();
    }
    Iterator<DriftSet> oldest = held.values().iterator();
    while (members > MOST_MEMBERS && held.size() > 1) {
      members -= oldest.next().members().size();
      oldest.remove();
    }
  }
}
