package io.patina.engine.selection;

import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Transit;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where two versions of a baseline part: the facts by which it can be told of which one a host is.
 * Immutable.
 */
final class Parting {

  private final Manifest before;
  private final Manifest after;
  private final Set<FactKey> keys;

  private Parting(Manifest before, Manifest after, Collection<FactKey> keys) {
    this.before = before;
    this.after = after;
    this.keys = new HashSet<>(keys);
  }

  /** Facts of a host that are as one of the versions says and not as the other, or as neither. */
  record Tally(long older, long newer, long neither) {

    static final Tally NONE = new Tally(0, 0, 0);

    static Tally of(Transit t) {
      return new Tally(t.older(), t.newer(), t.neither());
    }

    Tally plus(Tally other) {
      return new Tally(older + other.older, newer + other.newer, neither + other.neither);
    }

    Tally minus(Tally other) {
      return new Tally(older - other.older, newer - other.newer, neither - other.neither);
    }
  }

  /** Looks at each fact of both manifests once. */
  static Parting of(Manifest before, Manifest after) {
    List<FactKey> keys = new ArrayList<>();
    for (Entry entry : before) {
      Optional<Entry> then = after.find(entry.key());
      if (then.isEmpty() || !then.get().canonical().equals(entry.canonical())) {
        keys.add(entry.key());
      }
    }
    for (Entry entry : after) {
      if (before.find(entry.key()).isEmpty()) {
        keys.add(entry.key());
      }
    }
    return new Parting(before, after, keys);
  }

  /** Whether the versions say the same of everything. */
  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** All facts of a host in which the versions part. */
  Tally tally(Comparer old, Comparer fresh, Facts facts) {
    return tally(old, fresh, facts, keys);
  }

  /** The same, of these keys only. */
  Tally tally(Comparer old, Comparer fresh, Facts facts, Collection<FactKey> some) {
    long older = 0;
    long newer = 0;
    long neither = 0;
    for (FactKey key : some) {
      if (!keys.contains(key)) {
        continue;
      }
      Comparison asBefore = Comparisons.of(old, before, facts, key);
      Comparison asAfter = Comparisons.of(fresh, after, facts, key);
      boolean unlikeBefore = asBefore instanceof Comparison.Differs;
      boolean unlikeAfter = asAfter instanceof Comparison.Differs;
      older += asBefore instanceof Comparison.Same && unlikeAfter ? 1 : 0;
      newer += asAfter instanceof Comparison.Same && unlikeBefore ? 1 : 0;
      neither += unlikeBefore && unlikeAfter ? 1 : 0;
    }
    return new Tally(older, newer, neither);
  }
}
