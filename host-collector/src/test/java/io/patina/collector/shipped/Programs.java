package io.patina.collector.shipped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the real programs that tests compare with or make fixtures by. */
public final class Programs {

  /** How a program ended; its output is text in ISO 8859-1, both streams together. */
  record Ended(int status, String output) {}

  private Programs() {}

  public static boolean present(String name) {
    for (String directory : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return true;
      }
    }
    return false;
  }

  public static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  static Ended run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return new Ended(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }

  /** Runs a program that has to succeed. */
  public static String must(String... command) {
    Ended ended = run(List.of(command));
    if (ended.status() != 0) {
      throw new AssertionError(String.join(" ", command) + " failed: " + ended.output());
    }
    return ended.output();
  }
}
