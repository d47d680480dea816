package io.patina.scope;

import java.util.ArrayList;
import java.util.List;

/** Expands {@code {a,b}} in globs; braces may be nested. Inside a set they are ordinary bytes. */
final class GlobBraces {

  private GlobBraces() {}

  static List<String> expand(String pattern, int most) {
    List<String> out = new ArrayList<>();
    expand(pattern, most, out);
    return out;
  }

  private static void expand(String pattern, int most, List<String> out) {
    int open = open(pattern);
    if (open < 0) {
      if (out.size() == most) {
        throw new IllegalArgumentException("braces expand to more than " + most + " globs");
      }
      out.add(pattern);
      return;
    }
    List<Integer> cuts = new ArrayList<>(List.of(open));
    int depth = 1;
    int close = -1;
    for (int i = open + 1; i < pattern.length() && close < 0; i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> i = endOfSet(pattern, i);
        case '{' -> depth++;
        case ',' -> {
          if (depth == 1) {
            cuts.add(i);
          }
        }
        case '}' -> {
          if (--depth == 0) {
            close = i;
          }
        }
        default -> {
          // an ordinary character
        }
      }
    }
    if (close < 0) {
      throw new IllegalArgumentException("a brace that is not closed at character " + open);
    }
    cuts.add(close);
    for (int i = 0; i + 1 < cuts.size(); i++) {
      expand(
          pattern.substring(0, open)
              + pattern.substring(cuts.get(i) + 1, cuts.get(i + 1))
              + pattern.substring(close + 1),
          most,
          out);
    }
  }

  /** Index of the first brace that opens alternatives; -1 if there is none. */
  private static int open(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> i = endOfSet(pattern, i);
        case '{' -> {
          return i;
        }
        default -> {
          // an ordinary character
        }
      }
    }
    return -1;
  }

  /** Index of the bracket that closes a set, as {@link GlobSteps} reads sets. */
  private static int endOfSet(String pattern, int open) {
    int i = open + 1;
    if (i < pattern.length() && (pattern.charAt(i) == '!' || pattern.charAt(i) == '^')) {
      i++;
    }
    boolean first = true;
    while (i < pattern.length() && (pattern.charAt(i) != ']' || first)) {
      first = false;
      i += pattern.charAt(i) == '\\' ? 2 : 1;
    }
    if (i >= pattern.length()) {
      throw new IllegalArgumentException("a set that is not closed with ] at character " + open);
    }
    return i;
  }
}
