package io.patina.comparison;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all expectations together say of one key.
 *
 * @param presence whether the fact must be; null if that is left to the manifest
 * @param tests what attributes must be
 * @param ignored attributes that may be anything
 * @param restIgnored whether all other attributes may be anything, too
 */
record Ruling(
    @Nullable Being presence,
    Map<String, ValueTest> tests,
    Set<String> ignored,
    boolean restIgnored) {

  /** Whether a fact must be. */
  enum Being {
    IGNORED,
    ABSENT,
    REQUIRED,
    OPTIONAL
  }

  /** Nothing is said: the manifest decides. */
  static final Ruling NONE = new Ruling(null, Map.of(), Set.of(), false);

  boolean is(Being being) {
    return presence == being;
  }

  /** Whether the manifest's value of this attribute is compared. */
  boolean leaves(String attribute) {
    return !restIgnored && !ignored.contains(attribute) && !tests.containsKey(attribute);
  }
}
