package io.patina.imports.mtree;

import com.google.protobuf.ByteString;

/** The escapes of vis(3) and unvis(3), in which mtree(5) writes names and link targets. */
final class Vis {

  private Vis() {}

  /**
   * The bytes that the text stands for.
   *
   * @throws IllegalArgumentException if an escape is not one
   */
  static ByteString decode(ByteString text) {
    int at = 0;
    int size = text.size();
    ByteString.Output out = ByteString.newOutput(size);
    while (at < size) {
      byte b = text.byteAt(at++);
      if (b != '\\') {
        out.write(b);
        continue;
      }
      if (at == size) {
        throw new IllegalArgumentException("a backslash at the end");
      }
      int c = text.byteAt(at++) & 0xff;
      if (c >= '0' && c <= '7') {
        int value = c - '0';
        for (int i = 0; i < 2 && at < size && octal(text.byteAt(at)); i++) {
          value = value * 8 + text.byteAt(at++) - '0';
        }
        if (value > 0xff) {
          throw new IllegalArgumentException("an octal escape over 377");
        }
        out.write(value);
        continue;
      }
      switch (c) {
        case 'a' -> out.write(7);
        case 'b' -> out.write(8);
        case 't' -> out.write(9);
        case 'n' -> out.write(10);
        case 'v' -> out.write(11);
        case 'f' -> out.write(12);
        case 'r' -> out.write(13);
        case 'E' -> out.write(27);
        case 's' -> out.write(' ');
        // A hidden marker of vis: nothing.
        case '$' -> {}
        case 'x' -> {
          int from = at;
          int value = 0;
          while (at < size && at < from + 2 && Character.digit(text.byteAt(at), 16) >= 0) {
            value = value * 16 + Character.digit(text.byteAt(at++), 16);
          }
          if (at == from) {
            throw new IllegalArgumentException("\\x without digits");
          }
          out.write(value);
        }
        case '^' -> out.write(control(text, at++));
        case 'M' -> {
          int kind = at < size ? text.byteAt(at++) : -1;
          if (kind == '-' && at < size) {
            out.write(0x80 | text.byteAt(at++));
          } else if (kind == '^') {
            out.write(0x80 | control(text, at++));
          } else {
            throw new IllegalArgumentException("\\M is followed by - or ^ and a character");
          }
        }
        default -> {
          if (c <= ' ' || c >= 0x7f || Character.isLetterOrDigit(c)) {
            throw new IllegalArgumentException(
                "the escape \\" + (c > ' ' && c < 0x7f ? Character.toString(c) : "") + " is none");
          }
          out.write(c);
        }
      }
    }
    return out.toByteString();
  }

  /**
   * Text without blanks that every dialect reads back: what is not a plain character is three octal
   * digits, also what could be taken for a pattern or a comment.
   */
  static String encode(ByteString raw) {
    StringBuilder out = new StringBuilder(raw.size());
    for (int i = 0; i < raw.size(); i++) {
      int b = raw.byteAt(i) & 0xff;
      if (b > ' ' && b < 0x7f && "\\#*?[=".indexOf(b) < 0) {
        out.append((char) b);
      } else {
        out.append('\\')
            .append((char) ('0' + (b >> 6)))
            .append((char) ('0' + ((b >> 3) & 7)))
            .append((char) ('0' + (b & 7)));
      }
    }
    return out.toString();
  }

  private static boolean octal(byte b) {
    return b >= '0' && b <= '7';
  }

  private static int control(ByteString text, int at) {
    if (at >= text.size()) {
      throw new IllegalArgumentException("^ at the end");
    }
    int c = text.byteAt(at);
    return c == '?' ? 0x7f : c & 0x1f;
  }
}
