package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Lines of a file as raw bytes: file names in dpkg's lists need not be UTF-8. */
final class TextLines {
  private TextLines() {}

  /** Hands on each line without its newline; a last line without one counts. */
  static void each(ByteString content, Consumer<ByteString> lines) {
    byte[] bytes = content.toByteArray();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.accept(ByteString.copyFrom(bytes, from, i - from));
        from = i + 1;
      }
    }
    if (from < bytes.length) {
      lines.accept(ByteString.copyFrom(bytes, from, bytes.length - from));
    }
  }

  /** Each byte as one character, so that nothing is lost on the way back. */
  static String text(ByteString line) {
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** The way back from {@link #text}. */
  static ByteString bytes(String text) {
    return ByteString.copyFrom(text, StandardCharsets.ISO_8859_1);
  }
}
