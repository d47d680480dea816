package io.patina.versions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Runs of digits and runs of letters, one after the other. */
final class GeneralVersions {

  /** What names a state before the release. */
  private static final Set<String> BEFORE_RELEASE =
      Set.of("alpha", "beta", "dev", "nightly", "pre", "preview", "rc", "snapshot");

  private GeneralVersions() {}

  static int compare(String a, String b) {
    List<String> x = runs(a);
    List<String> y = runs(b);
    for (int i = 0; i < Math.max(x.size(), y.size()); i++) {
      int order = run(i < x.size() ? x.get(i) : "", i < y.size() ? y.get(i) : "");
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int run(String a, String b) {
    if (isNumber(a + b) && VersionOrder.numbers(a, b) == 0) {
      // 6.1 is 6.1.0.
      return 0;
    }
    int byRank = Integer.compare(rank(a), rank(b));
    if (byRank != 0) {
      return byRank;
    }
    return isNumber(a) ? VersionOrder.numbers(a, b) : a.compareTo(b);
  }

  /** Before the release, its end, words after it, numbers. */
  private static int rank(String run) {
    if (run.isEmpty()) {
      return 1;
    }
    if (run.equals("~") || BEFORE_RELEASE.contains(run)) {
      return 0;
    }
    return isNumber(run) ? 3 : 2;
  }

  private static boolean isNumber(String run) {
    return !run.isEmpty() && VersionOrder.isDigit(run.charAt(0));
  }

  private static List<String> runs(String version) {
    String text = version.toLowerCase(Locale.ROOT);
    int plus = text.indexOf('+');
    text = plus < 0 ? text : text.substring(0, plus);
    boolean marked =
        text.length() > 1 && text.charAt(0) == 'v' && VersionOrder.isDigit(text.charAt(1));
    List<String> runs = new ArrayList<>();
    int i = marked ? 1 : 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int end = i + 1;
      if (VersionOrder.isDigit(c) || VersionOrder.isLetter(c)) {
        boolean numeric = VersionOrder.isDigit(c);
        while (end < text.length()
            && (numeric
                ? VersionOrder.isDigit(text.charAt(end))
                : VersionOrder.isLetter(text.charAt(end)))) {
          end++;
        }
        runs.add(text.substring(i, end));
      } else if (c == '~') {
        runs.add("~");
      }
      i = end;
    }
    return runs;
  }
}
