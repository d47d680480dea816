package io.patina.collector.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a small file in one piece. */
final class SmallFile {
  private static final int MOST = 64 * 1024;

  private SmallFile() {}

  /**
   * The text of the file, without white space around it.
   *
   * <p>Not by {@code Files.readString}: for a file of size 0, as all of /proc are, that reads one
   * byte first, and a value below /proc/sys ends after the first read, however short.
   */
  static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[MOST];
      int n = in.read(buffer);
      return new String(buffer, 0, Math.max(n, 0), StandardCharsets.UTF_8).strip();
    }
  }
}
