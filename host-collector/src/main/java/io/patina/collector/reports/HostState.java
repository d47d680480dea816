package io.patina.collector.reports;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every fact and gap of this host as last reported: a compact manifest, and over it the entries
 * that changed since. Not safe for use by several threads.
 */
public final class HostState implements Iterable<Entry> {
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
    this.hash = manifest.hash();
    this.size = manifest.size();
    for (Entry e : manifest) {
      gaps += e.isGap() ? 1 : 0;
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
    ManifestBuilder builder = new ManifestBuilder(base.scope());
    forEach(builder::add);
    base = builder.build();
    overlay.clear();
  }

  /** All entries, ascending. */
  @Override
  public Iterator<Entry> iterator() {
    return new Merge(0, overlay.entrySet().iterator());
  }

  /** The entries of one facet, ascending. */
  public Iterator<Entry> facet(String facet) {
    return from(new FactKey(facet, FIRST_NAME));
  }

  /** The entries from a key on, ascending, through all facets that follow. */
  public Iterator<Entry> from(FactKey first) {
    return new Merge(base.position(first), overlay.tailMap(first, true).entrySet().iterator());
  }

  /** Base and overlay side by side; at equal keys the overlay stands. */
  private final class Merge implements Iterator<Entry> {
    private final Iterator<Map.Entry<FactKey, Optional<Entry>>> over;
    private int position;
    private Map.@Nullable Entry<FactKey, Optional<Entry>> aheadOver;
    private @Nullable Entry aheadBase;
    private @Nullable Entry next;

    Merge(int position, Iterator<Map.Entry<FactKey, Optional<Entry>>> over) {
      this.position = position;
      this.over = over;
      this.aheadOver = over.hasNext() ? over.next() : null;
      this.aheadBase = stepBase();
      this.next = step();
    }

    private @Nullable Entry stepBase() {
      return position < base.size() ? base.get(position++) : null;
    }

    private @Nullable Entry step() {
      while (true) {
        Map.Entry<FactKey, Optional<Entry>> o = aheadOver;
        Entry b = aheadBase;
        if (o == null || (b != null && b.key().compareTo(o.getKey()) < 0)) {
          aheadBase = b == null ? null : stepBase();
          return b;
        }
        if (b != null && b.key().equals(o.getKey())) {
          aheadBase = stepBase();
        }
        aheadOver = over.hasNext() ? over.next() : null;
        if (o.getValue().isPresent()) {
          return o.getValue().get();
        }
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry next() {
      Entry result = next;
      if (result == null) {
        throw new NoSuchElementException();
      }
      next = step();
      return result;
    }
  }
}
