package io.patina.collector.reports;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import io.patina.manifest.Overlay;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every fact and gap of this host as last reported: a compact manifest, and over it the entries
 * that changed since. Not safe for use by several threads.
 */
public final class HostState implements KnownFacts, Iterable<Entry> {
  /** Below this many changed entries the manifest is not made anew. */
  private static final int SMALL_OVERLAY = 2048;

  private static final ByteString FIRST_NAME = ByteString.copyFrom(new byte[1]);

  private final TreeMap<FactKey, Optional<Entry>> overlay = new TreeMap<>();
  private final LtHash16 hash;
  private Manifest base;
  private long size;
  private long gaps;

  public HostState(Manifest manifest) {
    this.base = manifest;
    this.hash = new LtHash16();
    for (Entry e : manifest) {
      count(e, 1);
    }
  }

  public Digest scope() {
    return base.scope();
  }

  /** Facts and gaps. */
  public long size() {
    return size;
  }

  public long gaps() {
    return gaps;
  }

  public Fingerprint fingerprint() {
    return hash.fingerprint();
  }

  @Override
  public Optional<Entry> find(FactKey key) {
    Optional<Entry> over = overlay.get(key);
    return over == null ? base.find(key) : over;
  }

  /** Takes a finding over; false if it says what was known already. */
  public boolean apply(Finding finding) {
    return switch (finding) {
      case Finding.Is is -> replace(is.key(), Optional.of(is.entry()));
      case Finding.IsAbsent absent -> replace(absent.key(), Optional.empty());
    };
  }

  private boolean replace(FactKey key, Optional<Entry> now) {
    Optional<Entry> before = find(key);
    if (before.equals(now)) {
      return false;
    }
    before.ifPresent(e -> count(e, -1));
    now.ifPresent(e -> count(e, 1));
    overlay.put(key, now);
    if (overlay.size() > SMALL_OVERLAY && overlay.size() > base.size() / 16) {
      compact();
    }
    return true;
  }

  private void count(Entry entry, int sign) {
    size += sign;
    gaps += entry.isGap() ? sign : 0;
    if (sign > 0) {
      hash.add(entry.canonical());
    } else {
      hash.remove(entry.canonical());
    }
  }

  /** Everything as one manifest. */
  public Manifest manifest() {
    if (!overlay.isEmpty()) {
      compact();
    }
    return base;
  }

  private void compact() {
    ManifestBuilder builder = ManifestBuilder.like(base);
    forEach(builder::add);
    base = builder.build();
    overlay.clear();
  }

  /** All entries, ascending. */
  @Override
  public Iterator<Entry> iterator() {
    return merged(base.iterator(), overlay);
  }

  /** The entries of one facet, ascending. */
  public Iterator<Entry> facet(String facet) {
    return from(new FactKey(facet, FIRST_NAME));
  }

  /** What is known now, and stays so whatever is applied later; for any thread. */
  public KnownFacts frozen() {
    Manifest below = base;
    NavigableMap<FactKey, Optional<Entry>> above = new TreeMap<>(overlay);
    return new KnownFacts() {
      @Override
      public Optional<Entry> find(FactKey key) {
        Optional<Entry> over = above.get(key);
        return over == null ? below.find(key) : over;
      }

      @Override
      public Iterator<Entry> from(FactKey first) {
        return merged(below.from(below.position(first)), above.tailMap(first, true));
      }
    };
  }

  @Override
  public Iterator<Entry> from(FactKey first) {
    return merged(base.from(base.position(first)), overlay.tailMap(first, true));
  }

  private static Iterator<Entry> merged(
      Iterator<Entry> below, NavigableMap<FactKey, Optional<Entry>> above) {
    return Overlay.merged(below, above.entrySet().iterator(), Map.Entry::getValue);
  }
}
