package io.patina.stack.line;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One process of this machine, told apart from a later one with the same pid.
 *
 * @param pid process id
 * @param startTicks start time in clock ticks since boot, field 22 of {@code /proc/PID/stat}
 * @param boot random id of the boot, {@code /proc/sys/kernel/random/boot_id}
 */
public record ProcessRecord(long pid, long startTicks, String boot) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** The process that has this pid now; empty if there is none, or only its corpse. */
  public static Optional<ProcessRecord> of(long pid) throws IOException {
    Optional<Long> ticks = startTicks(pid);
    if (ticks.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new ProcessRecord(pid, ticks.get(), Files.readString(BOOT_ID).strip()));
  }

  /** Reads what {@link #write} wrote; empty if there is no such file or it is not one of ours. */
  public static Optional<ProcessRecord> read(Path file) throws IOException {
    String[] words;
    try {
      words = Files.readString(file).strip().split(" ", -1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return words.length == 3
          ? Optional.of(
              new ProcessRecord(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Writes the record as one line, replacing the file in one step. */
  public void write(Path file) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(partial, pid + " " + startTicks + " " + boot + "\n");
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether this very process still runs. */
  public boolean isAlive() throws IOException {
    return of(pid).equals(Optional.of(this));
  }

  /**
   * Sends a signal if this very process still runs.
   *
   * @param signal name without SIG, for example {@code TERM}
   */
  public void signal(String signal) throws IOException, InterruptedException {
    if (isAlive()) {
      // Java can only send TERM and KILL; kill is built into every shell.
      new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  /** Waits until the process is gone; false if it is still there after the limit. */
  public boolean awaitEnd(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    // Not a child of ours, in general: there is nothing to wait on but its entry in /proc.
    while (isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return true;
  }

  /** Resident memory in bytes, of the process and all that descend from it; 0 if it is gone. */
  public long residentBytes() throws IOException {
    if (!isAlive()) {
      return 0;
    }
    long sum = proportionalBytes(pid);
    for (ProcessHandle child :
        ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).toList()) {
      sum += proportionalBytes(child.pid());
    }
    return sum;
  }

  /**
   * Proportional set size where the kernel gives it, else resident set size: PostgreSQL's processes
   * share their buffers, which must not be counted once for each.
   */
  private static long proportionalBytes(long pid) {
    for (String[] source : new String[][] {{"smaps_rollup", "Pss:"}, {"status", "VmRSS:"}}) {
      Optional<String> text = proc(pid, source[0]);
      Optional<Long> kilobytes =
          text.stream()
              .flatMap(String::lines)
              .filter(line -> line.startsWith(source[1]))
              .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst();
      if (kilobytes.isPresent()) {
        return kilobytes.get() * 1024;
      }
    }
    return 0;
  }

  private static Optional<Long> startTicks(long pid) {
    return proc(pid, "stat").flatMap(ProcessRecord::parseStat);
  }

  /** The start time out of a line of {@code /proc/PID/stat}; empty for a process that has ended. */
  static Optional<Long> parseStat(String stat) {
    // The second field is the program's name in parentheses and may hold spaces and parentheses.
    int name = stat.lastIndexOf(')');
    if (name < 0 || name + 2 > stat.length()) {
      return Optional.empty();
    }
    String[] fields = stat.substring(name + 2).strip().split(" ", -1);
    boolean ended = fields[0].equals("Z") || fields[0].equals("X");
    return ended || fields.length < 20 ? Optional.empty() : Optional.of(Long.parseLong(fields[19]));
  }

  private static Optional<String> proc(long pid, String file) {
    Path path = Path.of("/proc", String.valueOf(pid), file);
    if (!Files.isReadable(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // It ended between the two calls, or the file belongs to its owner alone: either way there is
      // nothing to read here, and the caller has another source or treats the process as gone.
      return Optional.empty();
    }
  }
}
