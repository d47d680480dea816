package io.patina.policy;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to write instead of what the CEL compiler refuses. */
final class CelHints {

  private static final Pattern UNDECLARED =
      Pattern.compile("undeclared reference to '([^']{1,64})'");

  private CelHints() {}

  static String of(String message) {
    Matcher undeclared = UNDECLARED.matcher(message);
    if (undeclared.find()) {
      String known = "known are " + String.join(", ", CelExpression.names());
      return near(undeclared.group(1)).map(n -> "did you mean " + n + "? " + known).orElse(known);
    }
    if (message.contains("no matching overload")) {
      return "compare text with text in quotes, age with a time such as duration(\"1h\")";
    }
    if (message.contains("'= '") || message.contains("'='")) {
      return "== compares";
    }
    if (message.contains("code point size") || message.contains("recursion")) {
      return "split the rule into several";
    }
    return "docs/policy.md has the language";
  }

  private static Optional<String> near(String word) {
    return CelExpression.names().stream()
        .min(Comparator.comparingInt(n -> distance(n, word)))
        .filter(n -> distance(n, word) <= 2);
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        row[j] =
            Math.min(
                Math.min(above, row[j - 1]) + 1,
                diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
