package io.patina.facts;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Turns hostile bytes into one line of text that a terminal, a log or a page shows and nothing
 * executes.
 *
 * <p>Backslash becomes {@code \\}; a byte that is not valid UTF-8 becomes {@code \xHH}; controls,
 * line and paragraph separators, bidirectional overrides, zero-width characters, private use and
 * unassigned code points become {@code \n}, {@code \t}, {@code \xHH} or {@code \}{@code u{H}}. The
 * result maps back to exactly one input.
 */
public final class Escaped {

  private static final HexFormat HEX = HexFormat.of();

  private Escaped() {}

  /** Text safe to show, from raw bytes. */
  public static String bytes(ByteString raw) {
    StringBuilder out = new StringBuilder(raw.size() + 16);
    ByteBuffer in = raw.asReadOnlyByteBuffer();
    CharBuffer chars = CharBuffer.allocate(raw.size() + 1);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    while (true) {
      CoderResult result = decoder.decode(in, chars, true);
      chars.flip().codePoints().forEach(c -> append(out, c));
      chars.clear();
      if (!result.isError()) {
        return out.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.append("\\x").append(HEX.toHexDigits(in.get()));
      }
      decoder.reset();
    }
  }

  /** Text safe to show, from text of unknown origin. */
  public static String text(String raw) {
    StringBuilder out = new StringBuilder(raw.length() + 16);
    raw.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      case '\r' -> out.append("\\r");
      default -> {
        if (shown(c)) {
          out.appendCodePoint(c);
        } else if (c < 0x80) {
          out.append("\\x").append(HEX.toHexDigits((byte) c));
        } else {
          out.append("\\u{").append(Integer.toHexString(c)).append('}');
        }
      }
    }
  }

  private static boolean shown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
