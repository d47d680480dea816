package io.patina.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EscapedTest {

  private static final Pattern ESCAPE =
      Pattern.compile("\\\\u\\{[0-9a-f]+}|\\\\x[0-9a-f]{2}|\\\\[ntr\\\\]|[^\\\\]");

  @Test
  void ordinaryTextStaysAsItIs() {
    assertEquals("/usr/bin/caf\u00e9 \u65e5\u672c", shown("/usr/bin/caf\u00e9 \u65e5\u672c"));
    assertEquals("", Escaped.bytes(ByteString.EMPTY));
  }

  @Test
  void whatATerminalWouldExecuteIsSpelledOut() {
    assertEquals("\\x1b[31m\\n\\t\\r\\x07", shown("\u001b[31m\n\t\r\u0007"));
    assertEquals("\\u{9b}2J", shown("\u009b2J"));
    assertEquals("a\\u{202e}b\\u{2066}\\u{200b}\\u{feff}", shown("a\u202eb\u2066\u200b\ufeff"));
    assertEquals("\\u{2028}\\u{e000}\\u{10ffff}", shown("\u2028\ue000\udbff\udfff"));
    assertEquals("C:\\\\x", shown("C:\\x"));
  }

  @Test
  void bytesThatAreNoTextAreHexadecimal() {
    assertEquals("a\\xff\\xc3b", Escaped.bytes(ByteString.fromHex("61ffc362")));
    assertEquals("\\xc3", Escaped.bytes(ByteString.fromHex("c3")));
    assertEquals("\\xed\\xa0\\x80", Escaped.bytes(ByteString.fromHex("eda080")));
    assertEquals("\\xc0\\xaf", Escaped.bytes(ByteString.fromHex("c0af")));
  }

  @Test
  void nothingUnsafeIsEverEmittedAndEveryInputHasItsOwnOutput() {
    for (int seed = 0; seed < 5000; seed++) {
      Generated generated = new Generated(seed);
      ByteString raw = generated.name().concat(generated.bytes(6)).concat(generated.name());
      String safe = Escaped.bytes(raw);
      assertSafe(safe);
      assertEquals(raw, unescaped(safe), safe);
    }
  }

  @Test
  void everyCodePointIsSafe() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      assertSafe(Escaped.text(Character.toString(c)));
    }
  }

  private static void assertSafe(String text) {
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean unsafe =
                  type == Character.CONTROL
                      || type == Character.FORMAT
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR
                      || type == Character.SURROGATE
                      || type == Character.UNASSIGNED;
              assertTrue(!unsafe, () -> "U+" + Integer.toHexString(c));
            });
  }

  /** The way back, to prove that there is one. */
  private static ByteString unescaped(String safe) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Matcher parts = ESCAPE.matcher(safe);
    while (parts.find()) {
      String part = parts.group();
      if (part.startsWith("\\u")) {
        out.writeBytes(utf8(Integer.parseInt(part.substring(3, part.length() - 1), 16)));
      } else if (part.startsWith("\\x")) {
        out.write(Integer.parseInt(part.substring(2), 16));
      } else if (part.startsWith("\\")) {
        out.write("\n\t\r\\".charAt("ntr\\".indexOf(part.charAt(1))));
      } else {
        out.writeBytes(utf8(part.codePointAt(0)));
      }
    }
    return ByteString.copyFrom(out.toByteArray());
  }

  private static byte[] utf8(int codePoint) {
    return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
  }

  private static String shown(String text) {
    String shown = Escaped.bytes(ByteString.copyFromUtf8(text));
    assertEquals(shown, Escaped.text(text));
    return shown;
  }
}
