package io.patina.engine.state;

import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.fingerprint.Fingerprint;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Overlay;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that is known to be so on one installation: a reference manifest and an overlay. Not safe for
 * use by several threads.
 */
public final class Facts {

  private final Reference reference;
  private final Since referenceSince;
  private final TreeMap<FactKey, OverlayValue> overlay;

  /**
   * @param referenceSince when the snapshot was taken that named the reference
   */
  public Facts(Reference reference, Since referenceSince, Map<FactKey, OverlayValue> overlay) {
    this.reference = reference;
    this.referenceSince = referenceSince;
    this.overlay = new TreeMap<>(overlay);
  }

  public Reference reference() {
    return reference;
  }

  public NavigableMap<FactKey, OverlayValue> overlay() {
    return Collections.unmodifiableNavigableMap(overlay);
  }

  /** These facts with some keys changed; this stays as it is. */
  public Facts with(Map<FactKey, OverlayValue> changes) {
    Facts changed = new Facts(reference, referenceSince, overlay);
    changed.overlay.putAll(changes);
    return changed;
  }

  /** The set hash over everything stated: the reference's, minus and plus what the overlay says. */
  public Fingerprint fingerprint() {
    LtHash16 hash = reference.hash();
    for (Map.Entry<FactKey, OverlayValue> each : overlay.entrySet()) {
      reference.manifest().find(each.getKey()).ifPresent(e -> hash.remove(e.canonical()));
      each.getValue().stated().ifPresent(e -> hash.add(e.canonical()));
    }
    return hash.fingerprint();
  }

  /** What comparison sees at a key. */
  public Optional<Entry> observed(FactKey key) {
    OverlayValue over = overlay.get(key);
    return over != null ? over.observed(key) : reference.manifest().find(key);
  }

  /** Since when the key is as it is. */
  public Since since(FactKey key) {
    OverlayValue over = overlay.get(key);
    return over != null ? over.since() : referenceSince;
  }

  /** The innermost gap that stands for a prefix of the key. */
  public Optional<Gap> covering(FactKey key) {
    List<Gap> gaps = new ArrayList<>();
    for (Gap gap : reference.prefixGaps()) {
      if (!overlay.containsKey(gap.key())) {
        gaps.add(gap);
      }
    }
    for (OverlayValue value : overlay.values()) {
      value.stated().flatMap(Entry::gap).filter(Gap::prefix).ifPresent(gaps::add);
    }
    return gaps.stream()
        .filter(g -> g.key().facet().equals(key.facet()) && key.name().startsWith(g.key().name()))
        .max((a, b) -> Integer.compare(a.key().name().size(), b.key().name().size()));
  }

  /** Whether what stands at this key, before or after a change, is a gap over a prefix. */
  public boolean hasPrefixGapAt(FactKey key) {
    return observed(key).flatMap(Entry::gap).filter(Gap::prefix).isPresent();
  }

  /** Everything that comparison sees, in key order. */
  public Iterable<Entry> observedAll() {
    return () ->
        Overlay.merged(
            reference.manifest().iterator(),
            overlay.entrySet().iterator(),
            over -> over.getValue().observed(over.getKey()));
  }
}
