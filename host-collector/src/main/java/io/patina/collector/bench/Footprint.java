package io.patina.collector.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process holds and has used, by proc_pid_status(5) and proc_pid_stat(5). Bytes and seconds.
 *
 * @param peak VmHWM: the most that was resident at any moment
 * @param resident VmRSS: what is resident now, pages shared with other processes included
 * @param anonymous RssAnon: of that, what no file could give back
 * @param cpuSeconds user and system time of the process, its ended children excluded
 */
public record Footprint(long peak, long resident, long anonymous, double cpuSeconds) {
  /** USER_HZ, which is 100 on every Linux that a collector runs on. */
  private static final double TICKS = 100;

  /**
   * Of a process that runs.
   *
   * @throws IOException if it has ended
   */
  public static Footprint of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    List<String> status =
        Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1);
    String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
    // The name of the program may hold anything; what follows its last parenthesis does not.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new Footprint(
        bytes(status, "VmHWM:"),
        bytes(status, "VmRSS:"),
        bytes(status, "RssAnon:"),
        (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS);
  }

  private static long bytes(List<String> status, String name) throws IOException {
    for (String line : status) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip()) * 1024;
      }
    }
    throw new IOException("the process has ended");
  }
}
