package io.patina.scope;

import java.util.ArrayList;
import java.util.List;

/** Expands {@code {a,b}} in globs; braces may be nested. */
final class GlobBraces {

  private GlobBraces() {}

  static List<String> expand(String pattern, int most) {
    List<String> out = new ArrayList<>();
    expand(pattern, most, out);
    return out;
  }

  private static void expand(String pattern, int most, List<String> out) {
    int open = indexOf(pattern, 0, '{');
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

  private static int indexOf(String pattern, int from, char wanted) {
    boolean inSet = false;
    for (int i = from; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (inSet) {
        inSet = c != ']';
      } else if (c == '[') {
        inSet = true;
      } else if (c == wanted) {
        return i;
      }
    }
    return -1;
  }
}
