package io.patina.collector.agent;

import io.patina.collector.capture.Capture;
import io.patina.collector.live.FacetReader;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.scope.Scope;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The facets that are read whole, on a schedule. */
final class Facets {
  private static final Set<Facet> READ_WHOLE = EnumSet.complementOf(EnumSet.of(Facet.FILE));

  private Facets() {}

  static List<FacetReader> readers(Capture capture, Scope scope) {
    return READ_WHOLE.stream()
        .filter(scope::observes)
        .map(f -> (FacetReader) new Reader(capture, f))
        .toList();
  }

  private record Reader(Capture capture, Facet facet) implements FacetReader {
    @Override
    public Duration interval() {
      return switch (facet) {
        // A page of text from /proc, and what says that a scan must follow.
        case MOUNT -> Duration.ofSeconds(2);
        case UNIT -> Duration.ofSeconds(5);
        // The build configuration alone is ten thousand facts.
        case KERNEL -> Duration.ofSeconds(15);
        case OS -> Duration.ofMinutes(1);
        // Read at once when a transaction has settled; this is only the net below.
        case PACKAGE -> Duration.ofMinutes(15);
        case FILE -> throw new IllegalStateException("files are scanned");
      };
    }

    @Override
    public List<Entry> read() {
      TreeMap<FactKey, Entry> sorted = new TreeMap<>();
      capture.observe(facet).forEach(e -> sorted.putIfAbsent(e.key(), e));
      return List.copyOf(sorted.values());
    }
  }
}
