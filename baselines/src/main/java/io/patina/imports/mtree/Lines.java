package io.patina.imports.mtree;

import com.google.protobuf.ByteString;
import io.patina.imports.InvalidImportException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The logical lines of an mtree file as words; a line that ends in a backslash goes on. */
final class Lines {

  /** Largest logical line, in bytes: a name, and extended attributes in base64. */
  static final int MAX_LINE = 1 << 20;

  private final InputStream in;
  private int number;
  private int next = 1;

  Lines(InputStream in) {
    this.in = in;
  }

  /** Number, from 1, of the line that the last answer begins on. */
  int number() {
    return number;
  }

  /** The words of the next line that has any and is no comment; empty at the end. */
  Optional<List<ByteString>> next() throws IOException, InvalidImportException {
    while (true) {
      Optional<ByteString> line = line();
      if (line.isEmpty()) {
        return Optional.empty();
      }
      List<ByteString> words = words(line.get());
      if (!words.isEmpty() && words.getFirst().byteAt(0) != '#') {
        return Optional.of(words);
      }
    }
  }

  private Optional<ByteString> line() throws IOException, InvalidImportException {
    number = next;
    byte[] line = new byte[256];
    int length = 0;
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    boolean comment = false;
    boolean blank = true;
    for (; b >= 0; b = in.read()) {
      if (b == '\n') {
        next++;
        // A comment goes on for nobody; in it a backslash at the end is just that.
        if (comment || length == 0 || line[length - 1] != '\\' || escaped(line, length - 1)) {
          break;
        }
        line[length - 1] = ' ';
        continue;
      }
      if (b == 0) {
        throw new InvalidImportException("line " + next + ": a NUL byte; this is not mtree(5)");
      }
      comment |= blank && b == '#';
      blank &= b == ' ' || b == '\t';
      if (length == MAX_LINE) {
        throw new InvalidImportException("line " + number + " is over " + MAX_LINE + " bytes");
      }
      if (length == line.length) {
        line = java.util.Arrays.copyOf(line, length * 2);
      }
      line[length++] = (byte) b;
    }
    return Optional.of(ByteString.copyFrom(line, 0, length));
  }

  /** Whether the backslash at the end is the second of a pair, and so a character. */
  private static boolean escaped(byte[] line, int at) {
    int backslashes = 0;
    while (at - backslashes > 0 && line[at - backslashes - 1] == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static List<ByteString> words(ByteString line) {
    List<ByteString> words = new ArrayList<>();
    int from = -1;
    for (int i = 0; i <= line.size(); i++) {
      byte b = i == line.size() ? (byte) ' ' : line.byteAt(i);
      boolean gap = b == ' ' || b == '\t' || b == '\r';
      if (!gap && from < 0) {
        from = i;
      } else if (gap && from >= 0) {
        words.add(line.substring(from, i));
        from = -1;
      }
    }
    return words;
  }
}
