package io.patina.endtoend.reports;

import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The reference model: which intervals of deviation must come of the states that one host went
 * through. Each state is compared as a whole, with nothing carried over but the open intervals: no
 * overlay, no fingerprint, no order of keys.
 */
public final class ExpectedHistory {

  /**
   * One deviation from its beginning to its end.
   *
   * @param kind as last seen
   * @param observed append time of the report that first showed it
   * @param closed append time of the report that first showed it gone; empty if it is open
   */
  public record Interval(
      String facet, String key, String kind, Instant observed, Optional<Instant> closed)
      implements Comparable<Interval> {

    @Override
    public int compareTo(Interval other) {
      return java.util.Comparator.comparing(Interval::facet)
          .thenComparing(Interval::key)
          .thenComparing(Interval::observed)
          .compare(this, other);
    }
  }

  private static final class Open {
    private final Instant since;
    private Difference difference;

    private Open(Instant since, Difference difference) {
      this.since = since;
      this.difference = difference;
    }
  }

  private final Manifest expected;
  private final Comparer comparer;
  private final Map<FactKey, Open> open = new HashMap<>();
  private final List<Interval> closed = new ArrayList<>();

  public ExpectedHistory(Manifest expected, Comparer comparer) {
    this.expected = expected;
    this.comparer = comparer;
  }

  /** The host was in this state when the broker took its report at this time. */
  public void observe(Manifest state, Instant appended) {
    Set<FactKey> bad = new HashSet<>();
    List<Entry> actual = new ArrayList<>();
    state.forEach(actual::add);
    comparer.compareAll(
        expected,
        actual,
        comparison -> {
          if (comparison instanceof Comparison.Differs differs) {
            bad.add(differs.key());
            @Nullable Open known = open.get(differs.key());
            if (known == null) {
              open.put(differs.key(), new Open(appended, differs.difference()));
            } else {
              known.difference = differs.difference();
            }
          }
        });
    open.entrySet()
        .removeIf(
            e -> {
              if (bad.contains(e.getKey())) {
                return false;
              }
              closed.add(interval(e.getKey(), e.getValue(), Optional.of(appended)));
              return true;
            });
  }

  private static Interval interval(FactKey key, Open open, Optional<Instant> end) {
    return new Interval(
        key.facet(), key.displayName(), open.difference.kind().wireName(), open.since, end);
  }

  /** All intervals, ended and open, in order of facet, key and beginning. */
  public Set<Interval> intervals() {
    Set<Interval> all = new TreeSet<>(closed);
    open.forEach((key, o) -> all.add(interval(key, o, Optional.empty())));
    return all;
  }
}
