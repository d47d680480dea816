package io.patina.engine.selection;

import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.state.Facts;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.OverlayValue;
import io.patina.engine.state.Reference;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares hosts with a baseline that is not their reference manifest: the two manifests once for
 * all hosts that share them, and of each host only its overlay. Safe for threads.
 */
public final class AnswersOfPairs {

  /** Answers of all pairs in memory. */
  private static final int MOST_ANSWERS = 100_000;

  /** All that answers about two manifests depend on. */
  private record Pair(Digest baseline, Digest reference, Map<String, String> labels) {}

  private final Map<Pair, List<Comparison>> held = new LinkedHashMap<>(16, 0.75f, true);
  private int answers;

  /** As {@link Comparisons#all} answers, in the order of keys. */
  public List<Comparison> all(
      Connection connection,
      ManifestCache manifests,
      Baseline baseline,
      Map<String, String> labels,
      Facts facts)
      throws SQLException {
    Reference expected = Comparisons.expected(connection, manifests, baseline);
    Manifest reference = facts.reference().manifest();
    if (expected.manifest().equals(reference) || hasGapOver(facts)) {
      return Comparisons.all(connection, manifests, baseline, labels, facts);
    }
    Comparer comparer = baseline.measure().comparer(labels);
    List<Comparison> found = new ArrayList<>();
    for (Comparison answer :
        ofPair(
            new Pair(baseline.statement(), reference.digest(), Map.copyOf(labels)),
            comparer,
            expected.manifest(),
            reference)) {
      if (!facts.overlay().containsKey(answer.key())) {
        found.add(answer);
      }
    }
    for (FactKey key : facts.overlay().keySet()) {
      Comparison answer = Comparisons.of(comparer, expected.manifest(), facts, key);
      if (!(answer instanceof Comparison.Same)) {
        found.add(answer);
      }
    }
    found.sort(Comparator.comparing(Comparison::key));
    return found;
  }

  /** Whether the overlay decides about keys that it does not name. */
  private static boolean hasGapOver(Facts facts) {
    for (Gap gap : facts.reference().prefixGaps()) {
      if (facts.overlay().containsKey(gap.key())) {
        return true;
      }
    }
    for (OverlayValue value : facts.overlay().values()) {
      if (value.stated().flatMap(Entry::gap).filter(Gap::prefix).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private synchronized List<Comparison> ofPair(
      Pair pair, Comparer comparer, Manifest expected, Manifest reference) {
    List<Comparison> known = held.get(pair);
    if (known != null) {
      return known;
    }
    List<Comparison> found = new ArrayList<>();
    comparer.compareAll(
        expected,
        reference,
        answer -> {
          if (!(answer instanceof Comparison.Same)) {
            found.add(answer);
          }
        });
    held.put(pair, found);
    answers += found.size();
    var oldest = held.values().iterator();
    while (answers > MOST_ANSWERS && held.size() > 1) {
      answers -= oldest.next().size();
      oldest.remove();
    }
    return found;
  }
}
