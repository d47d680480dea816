package io.patina.collector.os;

import java.util.SortedMap;
import java.util.TreeMap;

/** The pure parser of os-release(5). */
public final class OsRelease {
  private OsRelease() {}

  /** Field names to unquoted values; a line that is no assignment is left out. */
  public static SortedMap<String, String> parse(String text) {
    SortedMap<String, String> fields = new TreeMap<>();
    for (String line : text.split("\n", -1)) {
      String trimmed = line.strip();
      int equals = trimmed.indexOf('=');
      if (equals > 0 && isName(trimmed.substring(0, equals))) {
        fields.put(trimmed.substring(0, equals), unquote(trimmed.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
      if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  /** As a POSIX shell reads one word. */
  private static String unquote(String word) {
    StringBuilder out = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean escapes = quote == 0 || (quote == '"' && nextIsSpecial(word, i));
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (c == '\\' && escapes && i + 1 < word.length()) {
        out.append(word.charAt(++i));
      } else if (quote == 0 && Character.isWhitespace(c)) {
        return out.toString();
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean nextIsSpecial(String word, int backslash) {
    return backslash + 1 < word.length() && "\"\\$`".indexOf(word.charAt(backslash + 1)) >= 0;
  }
}
