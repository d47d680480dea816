package io.patina.collector.reports;

import io.patina.collector.writers.Writer;
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

  /** Who changed it, if it was noticed as it happened and the kernel told. */
  Writer writer();

  /** This entry, a fact or a gap, is there. */
  record Is(Entry entry, long noticedMicros, Writer writer) implements Finding {
    /** Nobody knows who wrote. */
    public Is(Entry entry, long noticedMicros) {
      this(entry, noticedMicros, Writer.UNKNOWN);
    }

    @Override
    public FactKey key() {
      return entry.key();
    }
  }

  /** Nothing is there. */
  record IsAbsent(FactKey key, long noticedMicros, Writer writer) implements Finding {
    /** Nobody knows who removed it. */
    public IsAbsent(FactKey key, long noticedMicros) {
      this(key, noticedMicros, Writer.UNKNOWN);
    }
  }
}
