package io.patina.collector.settings;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** The key that somebody who mistyped one most likely meant. */
final class Nearest {
  private Nearest() {}

  /** Empty if none is near: more than a third of it would have to be another. */
  static Optional<String> to(String written) {
    return Arrays.stream(Setting.values())
        .filter(s -> !s.isFamily())
        .map(Setting::key)
        .min(Comparator.comparingInt(key -> distance(written, key)))
        .filter(key -> distance(written, key) * 3 <= key.length());
  }

  /** Levenshtein's: characters to insert, remove or replace. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
