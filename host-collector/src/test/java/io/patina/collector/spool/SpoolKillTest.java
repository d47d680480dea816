package io.patina.collector.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.spool.Outgoing.Destination;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own appends and is killed with SIGKILL at a random moment, again and again. */
class SpoolKillTest {
  @TempDir Path directory;

  @Test
  void whatWasAnsweredAsKeptIsThereAfterKillMinusNine() throws Exception {
    Random random = new Random(4);
    long promised = 0;
    for (int round = 0; round < 5; round++) {
      Process writer = writer();
      long until = promised + 20 + random.nextInt(300);
      try (BufferedReader out = writer.inputReader()) {
        String line = out.readLine();
        while (line != null && Long.parseLong(line) < until) {
          line = out.readLine();
        }
        // Not destroyForcibly(), which closes the stream that still holds what it said.
        new ProcessBuilder("kill", "-9", String.valueOf(writer.pid())).start().waitFor();
        // What it said before it died, too.
        while (line != null) {
          promised = Long.parseLong(line);
          line = wholeLine(out);
        }
      }
      assertEquals(137, writer.waitFor());
      try (Spool spool = Spool.open(directory, 64L << 20)) {
        List<Outgoing> records = SpoolTest.all(spool);
        assertTrue(records.size() >= promised, records.size() + " of " + promised);
        for (int i = 0; i < records.size(); i++) {
          assertEquals(record(i + 1), records.get(i));
        }
        promised = records.size();
      }
    }
  }

  private static @org.jspecify.annotations.Nullable String wholeLine(BufferedReader out)
      throws IOException {
    String line = out.readLine();
    // The last line may be torn: a number without its end would be another number.
    return line != null && line.length() == 10 ? line : null;
  }

  private Process writer() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static Outgoing record(long number) {
    byte[] value = new byte[(int) (number * 7919 % 5000)];
    new Random(number).nextBytes(value);
    return new Outgoing(
        Destination.REPORTS, ByteString.copyFromUtf8("k" + number), ByteString.copyFrom(value));
  }

  /** Appends until it is killed, and says after each append which number is kept. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      PrintStream out = System.out;
      try (Spool spool = Spool.open(Path.of(arguments[0]), 64L << 20)) {
        long next = SpoolTest.all(spool).size() + 1L;
        while (true) {
          if (spool.append(List.of(record(next))) instanceof Spool.Appending.Kept kept) {
            out.printf("%010d%n", kept.last());
            out.flush();
          }
          next++;
        }
      }
    }
  }
}
