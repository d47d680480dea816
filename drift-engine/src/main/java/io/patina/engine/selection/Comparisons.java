package io.patina.engine.selection;

import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.state.Facts;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Reference;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Compares a host's facts with its baseline's manifest. */
public final class Comparisons {

  private Comparisons() {}

  /** The answer for one key. */
  public static Comparison of(Comparer comparer, Manifest expected, Facts facts, FactKey key) {
    Optional<Entry> actual = facts.observed(key);
    return comparer.compare(
        key, expected.find(key), actual, actual.isEmpty() ? facts.covering(key) : Optional.empty());
  }

  /** The answers for every key, without those that are the same. */
  public static List<Comparison> all(
      Connection connection,
      ManifestCache manifests,
      Baseline baseline,
      Map<String, String> assignedLabels,
      Facts facts)
      throws SQLException {
    Reference expected = expected(connection, manifests, baseline);
    Comparer comparer = baseline.measure().comparer(assignedLabels);
    List<Comparison> answers = new ArrayList<>();
    if (isReference(expected, facts)) {
      // The host's own reference: it can differ only where its overlay does, or an expectation.
      SortedSet<FactKey> keys = new TreeSet<>(baseline.measure().beyond(expected.manifest()));
      keys.addAll(facts.overlay().keySet());
      for (FactKey key : keys) {
        keep(Comparisons.of(comparer, expected.manifest(), facts, key), answers);
      }
    } else {
      comparer.compareAll(
          expected.manifest(), facts.observedAll(), answer -> keep(answer, answers));
    }
    return answers;
  }

  /** The manifest that a baseline expects. */
  public static Reference expected(
      Connection connection, ManifestCache manifests, Baseline baseline) throws SQLException {
    return manifests
        .get(connection, baseline.golden().manifest())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "an active baseline's manifest is held: " + baseline.golden().manifest()));
  }

  private static void keep(Comparison answer, List<Comparison> answers) {
    if (!(answer instanceof Comparison.Same)) {
      answers.add(answer);
    }
  }

  private static boolean isReference(Reference expected, Facts facts) {
    return expected.manifest().equals(facts.reference().manifest());
  }
}
