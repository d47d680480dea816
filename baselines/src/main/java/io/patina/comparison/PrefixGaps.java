package io.patina.comparison;

import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The prefix gaps that may still cover keys to come, while entries pass in key order. */
public final class PrefixGaps {

  private final Deque<Gap> open = new ArrayDeque<>();

  /** Takes note of an entry; entries come in key order. */
  public void see(Entry entry) {
    close(entry.key());
    entry.gap().filter(Gap::prefix).ifPresent(open::push);
  }

  /** The innermost gap over this key; keys come in order. */
  public Optional<Gap> covering(FactKey key) {
    close(key);
    return Optional.ofNullable(open.peek());
  }

  private void close(FactKey key) {
    while (!open.isEmpty() && !covers(open.peek(), key)) {
      open.pop();
    }
  }

  private static boolean covers(Gap gap, FactKey key) {
    return gap.key().facet().equals(key.facet()) && key.name().startsWith(gap.key().name());
  }
}
