package io.patina.engine.state;

import io.patina.facts.Entry;
import io.patina.facts.Gap;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * A manifest that is referred to, with the set hash over its entries and the gaps in it that stand
 * for whole prefixes. Immutable, safe for threads.
 */
public final class Reference {

  private final Manifest manifest;
  private final LtHash16 hash;
  private final List<Gap> prefixGaps;

  public Reference(Manifest manifest, LtHash16 hash) {
    this.manifest = manifest;
    this.hash = hash;
    List<Gap> gaps = new ArrayList<>();
    for (Entry entry : manifest) {
      entry.gap().filter(Gap::prefix).ifPresent(gaps::add);
    }
    this.prefixGaps = List.copyOf(gaps);
  }

  public Manifest manifest() {
    return manifest;
  }

  /** A copy: accumulators are mutable. */
  public LtHash16 hash() {
    return hash.copy();
  }

  public List<Gap> prefixGaps() {
    return prefixGaps;
  }
}
