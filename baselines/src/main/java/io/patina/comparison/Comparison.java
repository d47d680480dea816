package io.patina.comparison;

import io.patina.facts.FactKey;
import java.util.Optional;

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
   * @param reason the gap's reason, or one of those below
   */
  record Unproven(FactKey key, String reason) implements Comparison {
    public static final String UNOBSERVED_ATTRIBUTE = "unobserved-attribute";

    /** Begins the reason of what is expected by a label that the host has not; its name follows. */
    public static final String UNASSIGNED_LABEL = "unassigned-label:";

    /** The reason where a label's value is too long for the pattern that refers to it. */
    public static final String UNUSABLE_LABEL = "unusable-label";

    /** The reason as one word, such as a gap has: without the label's name. */
    public String word() {
      int colon = reason.indexOf(':');
      return colon < 0 ? reason : reason.substring(0, colon);
    }

    /** The label that is not assigned, if that is the reason. */
    public Optional<String> label() {
      return reason.startsWith(UNASSIGNED_LABEL)
          ? Optional.of(reason.substring(UNASSIGNED_LABEL.length()))
          : Optional.empty();
    }

    /** Whether the fact was observed, so that no gap of the manifest says why it is not judged. */
    public boolean isOfAnObservedFact() {
      return reason.equals(UNOBSERVED_ATTRIBUTE)
          || reason.equals(UNUSABLE_LABEL)
          || reason.startsWith(UNASSIGNED_LABEL);
    }
  }
}
