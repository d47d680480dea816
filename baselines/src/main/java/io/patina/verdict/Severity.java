package io.patina.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How bad a deviation is, mildest first. A critical one is weighed without time to settle. */
public enum Severity {
  INFO,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  /** The word in policies, in the API and in events: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The severity of that word; empty if it is none. */
  public static Optional<Severity> named(String word) {
    return Arrays.stream(values()).filter(s -> s.wireName().equals(word)).findFirst();
  }

  /** All words, mildest first. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Severity::wireName).toList();
  }
}
