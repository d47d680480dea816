package io.patina.collector.live;

import io.patina.collector.reports.Finding;
import io.patina.collector.reports.HostState;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a facet that was read whole with the state. */
final class FacetPass {
  private FacetPass() {}

  /**
   * What differs.
   *
   * @param entries ascending by key
   */
  static List<Finding> compare(Facet facet, List<Entry> entries, HostState state) {
    List<Finding> findings = new ArrayList<>();
    Iterator<Entry> known = state.facet(facet.wireName());
    Iterator<Entry> now = entries.iterator();
    @Nullable Entry k = step(known, facet);
    @Nullable Entry n = step(now, facet);
    while (n != null || k != null) {
      int order = n == null ? 1 : k == null ? -1 : n.key().compareTo(k.key());
      if (n != null && order <= 0) {
        if (k == null || order < 0 || !n.canonical().equals(k.canonical())) {
          findings.add(new Finding.Is(n, 0));
        }
        n = step(now, facet);
        k = order == 0 ? step(known, facet) : k;
      } else if (k != null) {
        findings.add(new Finding.IsAbsent(k.key(), 0));
        k = step(known, facet);
      }
    }
    return findings;
  }

  private static @Nullable Entry step(Iterator<Entry> entries, Facet facet) {
    Entry e = entries.hasNext() ? entries.next() : null;
    return e != null && e.key().facet().equals(facet.wireName()) ? e : null;
  }
}
