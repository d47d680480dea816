package io.patina.engine.pools;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One way of differing from the baseline, and the hosts that differ so.
 *
 * @param signature drift signature, hexadecimal; empty: nothing differs
 * @param hosts how many
 * @param examples some of them
 * @param items what differs, by {@code FACET KEY}, safe to print; those that were read
 * @param complete whether all of it was read
 */
record Way(
    String signature,
    long hosts,
    List<Example> examples,
    Map<String, Item> items,
    boolean complete) {

  /** A host. */
  record Example(String id, String name) {}

  /**
   * One difference.
   *
   * @param how kind and actual values: equal where hosts differ alike
   * @param owner package that owns what was expected
   * @param attributes names of those that differ
   */
  record Item(
      String facet, String key, String how, Optional<String> owner, List<String> attributes) {

    Item {
      attributes = List.copyOf(attributes);
    }
  }

  Way {
    examples = List.copyOf(examples);
    items = new TreeMap<>(items);
  }
}
