package io.patina.stack.line;

/** Text from outside, made safe for a terminal. */
final class Text {
  private Text() {}

  /**
   * The same text with a {@code ?} for every character that could move the cursor, change colours
   * or reorder what is read: control characters, line and paragraph separators, format characters.
   */
  static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean executable =
                  Character.isISOControl(c)
                      || type == Character.FORMAT
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR
                      || type == Character.SURROGATE;
              if (c == '\t') {
                safe.append(' ');
              } else {
                safe.appendCodePoint(executable ? '?' : c);
              }
            });
    return safe.toString();
  }
}
