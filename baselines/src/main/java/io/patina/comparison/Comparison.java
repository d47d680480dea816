package io.patina.comparison;

import io.patina.facts.FactKey;

/** The answer for one key. */
public sealed interface Comparison {

  FactKey key();

  /** As expected, or nothing was expected of it. */
  record Same(FactKey key) implements Comparison {}

  /** Not as expected. */
  record Differs(Difference difference) implements Comparison {
    @Override
    public FactKey key() {
      return difference.key();
    }
  }

  /**
   * Something was expected that was not observed: neither clean nor drift.
   *
   * @param reason the gap's reason, or {@code unobserved-attribute}
   */
  record Unproven(FactKey key, String reason) implements Comparison {
    public static final String UNOBSERVED_ATTRIBUTE = "unobserved-attribute";
  }
}
