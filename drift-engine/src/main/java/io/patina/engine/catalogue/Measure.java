package io.patina.engine.catalogue;

import io.patina.comparison.Comparer;
import io.patina.facts.FactKey;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Manifest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What hosts are held against: a baseline's expectations put in order, once for all hosts. Safe for
 * threads.
 */
public final class Measure {

  private final Comparer comparer;
  private final AtomicReference<List<FactKey>> beyond = new AtomicReference<>();

  Measure(GoldenBaseline golden) {
    this.comparer = golden.comparer();
  }

  /** The comparer for a host with these assigned labels. */
  public Comparer comparer(Map<String, String> assignedLabels) {
    return comparer.labelled(assignedLabels);
  }

  /**
   * The keys of which expectations say more than the baseline's manifest does: a host that has
   * exactly that manifest can differ there. Costs one pass over the manifest, the first time.
   */
  public List<FactKey> beyond(Manifest manifest) {
    List<FactKey> known = beyond.get();
    if (known == null) {
      // Two threads may do this at once; both find the same.
      known = comparer.beyond(manifest);
      beyond.set(known);
    }
    return known;
  }
}
