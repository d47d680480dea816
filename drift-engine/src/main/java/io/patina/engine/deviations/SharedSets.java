package io.patina.engine.deviations;

import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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
  private static final int MOST_TRIED = 4;

  /** Deviations that a host may have beside a set, which get rows. */
  private static final int MOST_BESIDE = 200;

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
   * The set for these deviations: exactly theirs if there is one; one that is nearly theirs, so
   * that hosts with a few facts of their own share it too; else a new one.
   *
   * @param mostLacking members that a host may lack of a set
   */
  public synchronized DriftSet fitting(
      Connection connection, Digest baseline, Collection<Deviation> deviations, int mostLacking)
      throws SQLException {
    DriftSet own = DriftSet.of(baseline, deviations);
    Optional<DriftSet> same = get(connection, own.id());
    if (same.isPresent()) {
      return same.get();
    }
    List<DriftSet> tried =
        new ArrayList<>(held.values().stream().filter(s -> s.baseline().equals(baseline)).toList());
    if (tried.isEmpty()) {
      for (Digest id : ShareTable.latest(connection, baseline, MOST_TRIED)) {
        get(connection, id).ifPresent(tried::add);
      }
    }
    for (DriftSet other : tried.reversed().subList(0, Math.min(MOST_TRIED, tried.size()))) {
      if (isNear(own, other, mostLacking)) {
        return other;
      }
    }
    keep(own);
    return own;
  }

  private static boolean isNear(DriftSet own, DriftSet other, int mostLacking) {
    int alike = 0;
    for (DriftSet.Member m : own.members()) {
      int number = other.number(m.key());
      alike += number >= 0 && other.members().get(number).isAs(m) ? 1 : 0;
    }
    int beside = own.members().size() - alike;
    int lacking = other.members().size() - alike;
    return beside <= MOST_BESIDE && lacking <= mostLacking && beside + lacking <= alike / 4;
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
