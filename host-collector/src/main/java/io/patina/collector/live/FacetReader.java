package io.patina.collector.live;

import io.patina.facts.Entry;
import io.patina.facts.Facet;
import java.time.Duration;
import java.util.List;

/** Reads one facet, other than files, whole. Used by one thread at a time. */
public interface FacetReader {
  Facet facet();

  /**
   * How often it is read when nothing points to a change; asked again before each time, because it
   * may depend on whether somebody listens.
   */
  Duration interval();

  /**
   * Begins to call when something points to a change, from any thread. Does nothing where nobody
   * would tell.
   */
  default void listen(Runnable changed) {}

  /** No longer calls. */
  default void stopListening() {}

  /** Every entry of the facet, gaps included, ascending by key. */
  List<Entry> read();
}
