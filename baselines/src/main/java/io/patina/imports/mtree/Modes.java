package io.patina.imports.mtree;

import io.patina.facts.Escaped;

/** File modes as mtree(5) has them: octal, or symbolic as chmod(1) from nothing. */
final class Modes {

  private Modes() {}

  /**
   * Four octal digits.
   *
   * @throws IllegalArgumentException if the text is no mode
   */
  static String octal(String text) {
    // With a bit above the twelve, so that leading zeros stay.
    return Integer.toString(0x1000 | value(text), 8).substring(1);
  }

  private static int value(String text) {
    if (text.matches("[0-7]{1,7}")) {
      return Integer.parseInt(text, 8) & 07777;
    }
    int mode = 0;
    for (String clause : text.split(",", -1)) {
      if (!clause.matches("[ugoa]*[=+][rwxst]*")) {
        throw new IllegalArgumentException("not a mode: " + Escaped.text(text));
      }
      int operator = Math.max(clause.indexOf('='), clause.indexOf('+'));
      String who = clause.substring(0, operator);
      boolean all = who.isEmpty() || who.contains("a");
      int mask =
          (all || who.contains("u") ? 04700 : 0)
              | (all || who.contains("g") ? 02070 : 0)
              | (all || who.contains("o") ? 01007 : 0);
      int bits = 0;
      for (char c : clause.substring(operator + 1).toCharArray()) {
        bits |=
            switch (c) {
              case 'r' -> 0444;
              case 'w' -> 0222;
              case 'x' -> 0111;
              case 's' -> 06000;
              default -> 01000;
            };
      }
      mode = clause.charAt(operator) == '=' ? (mode & ~mask) | (bits & mask) : mode | (bits & mask);
    }
    return mode;
  }
}
