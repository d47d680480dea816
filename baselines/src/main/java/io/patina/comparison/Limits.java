package io.patina.comparison;

import java.util.List;

/** How much an expectation may say. */
final class Limits {

  private Limits() {}

  static void text(String text) {
    if (text.length() > Constraint.MAX_TEXT) {
      throw new IllegalArgumentException(
          "a value has at most " + Constraint.MAX_TEXT + " characters");
    }
  }

  static List<String> texts(List<String> texts) {
    if (texts.isEmpty() || texts.size() > Constraint.MAX_VALUES) {
      throw new IllegalArgumentException("list 1 to " + Constraint.MAX_VALUES + " values");
    }
    texts.forEach(Limits::text);
    return List.copyOf(texts);
  }
}
