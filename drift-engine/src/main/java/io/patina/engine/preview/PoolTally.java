package io.patina.engine.preview;

import io.patina.engine.preview.Foreseen.Change;
import io.patina.engine.preview.Foreseen.Example;
import io.patina.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what would happen in one pool. Not safe for use by several threads. */
final class PoolTally {

  private static final int EXAMPLES = 3;

  private final long hosts;
  private long examined;
  private long behind;
  private final Map<Way, List<Example>> examples = new TreeMap<>();
  private final Map<Way, Long> counts = new TreeMap<>();

  private record Way(Verdict from, Verdict to) implements Comparable<Way> {
    @Override
    public int compareTo(Way o) {
      return Comparator.comparing(Way::from).thenComparing(Way::to).compare(this, o);
    }
  }

  /**
   * @param hosts in the pool that the baseline selects
   */
  PoolTally(long hosts) {
    this.hosts = hosts;
  }

  void behind() {
    examined++;
    behind++;
  }

  void add(Verdict from, Verdict to, Example example) {
    examined++;
    Way way = new Way(from, to);
    counts.merge(way, 1L, Long::sum);
    List<Example> named = examples.computeIfAbsent(way, w -> new ArrayList<>());
    if (named.size() < EXAMPLES) {
      named.add(example);
    }
  }

  long hosts() {
    return hosts;
  }

  long examined() {
    return examined;
  }

  Foreseen.Pool pool(String name) {
    List<Change> changes = new ArrayList<>();
    counts.forEach(
        (way, n) ->
            changes.add(
                new Change(
                    way.from().wireName(),
                    way.to().wireName(),
                    n,
                    List.copyOf(examples.getOrDefault(way, List.of())))));
    changes.sort(Comparator.comparingLong(Change::hosts).reversed());
    return new Foreseen.Pool(name, hosts, examined, behind, changes);
  }
}
