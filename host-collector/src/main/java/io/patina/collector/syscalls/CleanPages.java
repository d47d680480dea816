package io.patina.collector.syscalls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Pages of files that are mapped read-only and were never written: program text and the AOT cache.
 * The kernel maps sixteen at a time around each that is touched and takes them back only in need; a
 * start touches nearly all, a collector at rest few.
 */
public final class CleanPages {
  /** include/uapi/asm-generic/mman-common.h. */
  private static final int MADV_DONTNEED = 4;

  private static final long LEAST_KILOBYTES = 512;

  private CleanPages() {}

  /**
   * Lets go of them; those that are needed come back from the page cache, 64 KiB at a time. Where
   * /proc does not answer nothing happens.
   *
   * @return bytes let go
   */
  public static long release() {
    try {
      return release(Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // It is for the sake of others; without it nothing is lost.
      return 0;
    }
  }

  /** Form: proc_pid_smaps(5). */
  private static long release(List<String> lines) {
    long released = 0;
    String mapping = "";
    long resident = 0;
    for (String line : lines) {
      if (line.startsWith("Rss:")) {
        resident = kilobytes(line);
      } else if (line.startsWith("Anonymous:")) {
        // With a page of its own, as after relocation, the file is not what the memory is.
        boolean clean = kilobytes(line) == 0 && resident >= LEAST_KILOBYTES;
        released += clean && isReadOnlyFile(mapping) ? advise(mapping) : 0;
        resident = 0;
      } else if (line.length() > 8 && line.charAt(7) != ':' && line.indexOf('-') > 0) {
        mapping = line;
      }
    }
    return released;
  }

  private static boolean isReadOnlyFile(String mapping) {
    String[] words = mapping.split(" +", 6);
    return words.length == 6
        && (words[1].equals("r--p") || words[1].equals("r-xp"))
        && !words[4].equals("0")
        && words[5].startsWith("/");
  }

  private static long advise(String mapping) {
    String[] ends = mapping.substring(0, mapping.indexOf(' ')).split("-", 2);
    long start = Long.parseUnsignedLong(ends[0], 16);
    long length = Long.parseUnsignedLong(ends[1], 16) - start;
    return Native64.call(number(), start, length, MADV_DONTNEED) == 0 ? length : 0;
  }

  private static int number() {
    return System.getProperty("os.arch", "").equals("aarch64") ? 233 : 28;
  }

  private static long kilobytes(String line) {
    String digits = line.replaceAll("[^0-9]", "");
    return digits.isEmpty() ? -1 : Long.parseLong(digits);
  }
}
