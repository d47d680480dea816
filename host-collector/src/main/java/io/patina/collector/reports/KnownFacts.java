package io.patina.collector.reports;

import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import java.util.Iterator;
import java.util.Optional;

/** Facts and gaps that can be looked up. */
public interface KnownFacts {
  Optional<Entry> find(FactKey key);

  /** The entries from a key on, ascending, through all facets that follow. */
  Iterator<Entry> from(FactKey first);
}
