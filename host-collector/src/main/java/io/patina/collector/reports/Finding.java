package io.patina.collector.reports;

import io.patina.facts.Entry;
import io.patina.facts.FactKey;

/**
 * What was found at one key, as opposed to what was known. Only a finding that differs from the
 * state becomes a change.
 */
public sealed interface Finding {
  FactKey key();

  /** When it was noticed, microseconds since the epoch; 0 if a scan found it some time later. */
  long noticedMicros();

  /** This entry, a fact or a gap, is there. */
  record Is(Entry entry, long noticedMicros) implements Finding {
    @Override
    public FactKey key() {
      return entry.key();
    }
  }

  /** Nothing is there. */
  record IsAbsent(FactKey key, long noticedMicros) implements Finding {}
}
