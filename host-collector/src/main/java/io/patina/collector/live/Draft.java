package io.patina.collector.live;

import io.patina.collector.reports.Finding;
import io.patina.collector.reports.HostState;
import io.patina.collector.reports.KnownFacts;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Overlay;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state as it will be once what was found is applied. Several looks share a delta; each of them
 * is compared with what the ones before it found, or the last word about a path would be lost
 * wherever it happens to be what the state said before the first.
 */
final class Draft implements KnownFacts {
  private final HostState state;
  private final Map<FactKey, Finding> findings = new LinkedHashMap<>();
  private final NavigableMap<FactKey, Optional<Entry>> over = new TreeMap<>();

  Draft(HostState state) {
    this.state = state;
  }

  /** The last finding of each key, in the order of the first. */
  List<Finding> findings() {
    return new ArrayList<>(findings.values());
  }

  /** Takes a finding over. Not while an iterator of this is in use. */
  void add(Finding finding) {
    findings.put(finding.key(), finding);
    over.put(
        finding.key(),
        switch (finding) {
          case Finding.Is is -> Optional.of(is.entry());
          case Finding.IsAbsent gone -> Optional.empty();
        });
  }

  @Override
  public Optional<Entry> find(FactKey key) {
    Optional<Entry> found = over.get(key);
    return found == null ? state.find(key) : found;
  }

  @Override
  public Iterator<Entry> from(FactKey first) {
    return Overlay.merged(
        state.from(first), over.tailMap(first, true).entrySet().iterator(), Map.Entry::getValue);
  }
}
