package io.patina.stack.line;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/** The end of a log file, and its beginning anew. */
final class LogTail {
  private static final int LARGEST_TAIL = 8 << 10;
  private static final int LONGEST_LINE = 200;
  private static final long LARGEST_LOG = 16L << 20;

  private LogTail() {}

  /** The last lines, without anything that a terminal would execute; empty if there is no log. */
  static List<String> of(Path log, int lines) throws IOException {
    if (!Files.exists(log)) {
      return List.of();
    }
    byte[] end;
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - LARGEST_TAIL);
      file.seek(from);
      end = new byte[(int) (file.length() - from)];
      file.readFully(end);
    }
    List<String> all =
        new String(end, StandardCharsets.UTF_8)
            .lines()
            .map(Text::printable)
            .filter(line -> !line.isBlank())
            .map(
                line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line)
            .collect(Collectors.toList());
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** Moves a log that has grown large aside, over the one moved before it. */
  static void rotate(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
