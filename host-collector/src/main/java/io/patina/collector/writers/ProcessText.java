package io.patina.collector.writers;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Texts of {@code /proc/PID}; form: proc(5). */
final class ProcessText {

  /** Programs that run scripts; a version may follow. */
  private static final Pattern INTERPRETER =
      Pattern.compile("(?:python|ruby|perl|sh|bash|dash|ash|zsh|ksh|php|node|lua)[0-9.]*");

  private ProcessText() {}

  /** The parent's id in a {@code stat}; 0 where there is none. */
  static int parent(ByteString stat) {
    String text = stat.toString(StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf(')');
    if (end < 0) {
      return 0;
    }
    String[] fields = text.substring(end + 1).strip().split(" ", 3);
    return fields.length > 1 && fields[1].matches("[0-9]{1,9}") ? Integer.parseInt(fields[1]) : 0;
  }

  /** The name in a {@code stat}, which may hold anything, parentheses too. */
  static ByteString command(ByteString stat) {
    String text = stat.toString(StandardCharsets.ISO_8859_1);
    int start = text.indexOf('(');
    int end = text.lastIndexOf(')');
    return start < 0 || end <= start ? ByteString.EMPTY : stat.substring(start + 1, end);
  }

  /**
   * The script that an interpreter runs: its first argument, where that is an absolute path. No
   * other argument is looked at: they may hold what nobody should read.
   *
   * @param program path or name of the program
   */
  static ByteString script(ByteString program, ByteString commandLine) {
    if (!INTERPRETER.matcher(last(program).toString(StandardCharsets.ISO_8859_1)).matches()) {
      return ByteString.EMPTY;
    }
    int start = end(commandLine, 0) + 1;
    if (start >= commandLine.size() || commandLine.byteAt(start) != '/') {
      return ByteString.EMPTY;
    }
    return commandLine.substring(start, end(commandLine, start));
  }

  /** The last element of a path. */
  static ByteString last(ByteString path) {
    int from = path.size();
    while (from > 0 && path.byteAt(from - 1) != '/') {
      from--;
    }
    return path.substring(from);
  }

  private static int end(ByteString text, int from) {
    int end = from;
    while (end < text.size() && text.byteAt(end) != 0) {
      end++;
    }
    return end;
  }
}
