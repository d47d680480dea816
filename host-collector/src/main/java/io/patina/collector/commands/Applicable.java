package io.patina.collector.commands;

import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.scope.Scope;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Passes on the expected entries that the scope observes and that can be true of this root. */
final class Applicable implements Iterator<Entry> {
  private final Iterator<Entry> entries;
  private final Scope scope;
  private final boolean live;
  private @Nullable Entry ahead;

  Applicable(Iterator<Entry> entries, Scope scope, boolean live) {
    this.entries = entries;
    this.scope = scope;
    this.live = live;
    this.ahead = advance();
  }

  private @Nullable Entry advance() {
    while (entries.hasNext()) {
      Entry entry = entries.next();
      if (observes(scope, live, entry.key())) {
        return entry;
      }
    }
    return null;
  }

  /** Whether the scope observes such a key and it can be true of this root. */
  static boolean observes(Scope scope, boolean live, FactKey key) {
    String facet = key.facet();
    if (Facet.named(facet).filter(scope::observes).isEmpty()) {
      return false;
    }
    if (facet.equals(Facet.FILE.wireName())) {
      return scope.observesPath(key.name());
    }
    return live || !CheckCommand.needsLive(facet);
  }

  @Override
  public boolean hasNext() {
    return ahead != null;
  }

  @Override
  public Entry next() {
    Entry entry = ahead;
    if (entry == null) {
      throw new NoSuchElementException();
    }
    ahead = advance();
    return entry;
  }
}
