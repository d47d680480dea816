package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code path-exclude} and {@code path-include} of dpkg.cfg(5). The last rule that matches wins, as
 * in dpkg's {@code filters.c}: fnmatch(3) without flags, so that {@code *} also matches a slash.
 */
final class PathFilters {
  private record Rule(boolean include, ByteString pattern) {}

  private final List<Rule> rules = new ArrayList<>();

  /** Adds the rules of one configuration file after those already there. */
  void add(ByteString configuration) {
    TextLines.each(
        configuration,
        line -> {
          String text = TextLines.text(line).strip();
          for (boolean include : new boolean[] {false, true}) {
            String name = include ? "path-include" : "path-exclude";
            if (text.startsWith(name)
                && text.length() > name.length() + 1
                && "= \t".indexOf(text.charAt(name.length())) >= 0) {
              String pattern = text.substring(name.length() + 1).strip();
              if (pattern.length() > 1 && pattern.startsWith("\"") && pattern.endsWith("\"")) {
                pattern = pattern.substring(1, pattern.length() - 1);
              }
              rules.add(new Rule(include, TextLines.bytes(pattern)));
            }
          }
        });
  }

  /** Whether dpkg leaves this path out when it unpacks. */
  boolean excludes(ByteString path) {
    boolean excluded = false;
    for (Rule rule : rules) {
      if (matches(rule.pattern(), path)) {
        excluded = !rule.include();
      }
    }
    return excluded;
  }

  static boolean matches(ByteString pattern, ByteString text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int from = 0;
    while (t < text.size()) {
      int next = p < pattern.size() ? one(pattern, p, text.byteAt(t)) : -1;
      if (p < pattern.size() && pattern.byteAt(p) == '*') {
        star = p++;
        from = t;
      } else if (next > 0) {
        p = next;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.size() && pattern.byteAt(p) == '*') {
      p++;
    }
    return p == pattern.size();
  }

  /** Position after the piece of pattern at {@code p} if it matches this byte, else -1. */
  private static int one(ByteString pattern, int p, byte b) {
    return switch (pattern.byteAt(p)) {
      case '?' -> p + 1;
      case '\\' -> p + 1 < pattern.size() && pattern.byteAt(p + 1) == b ? p + 2 : -1;
      case '[' -> bracket(pattern, p, b);
      default -> pattern.byteAt(p) == b ? p + 1 : -1;
    };
  }

  private static int bracket(ByteString pattern, int start, byte b) {
    int p = start + 1;
    boolean negated = p < pattern.size() && (pattern.byteAt(p) == '!' || pattern.byteAt(p) == '^');
    if (negated) {
      p++;
    }
    boolean found = false;
    boolean first = true;
    int c = b & 0xff;
    while (p < pattern.size() && (first || pattern.byteAt(p) != ']')) {
      first = false;
      int low = pattern.byteAt(p) & 0xff;
      int high = low;
      if (p + 2 < pattern.size() && pattern.byteAt(p + 1) == '-' && pattern.byteAt(p + 2) != ']') {
        high = pattern.byteAt(p + 2) & 0xff;
        p += 2;
      }
      found |= c >= low && c <= high;
      p++;
    }
    if (p >= pattern.size()) {
      // Without its end it is an ordinary character.
      return b == '[' ? start + 1 : -1;
    }
    return found != negated ? p + 1 : -1;
  }
}
