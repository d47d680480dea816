package io.patina.collector.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Makes test trees with a shell: Java cannot name files in bytes. */
final class Shell {
  private record Ended(int code, String output) {}

  private Shell() {}

  static void run(Path directory, String script) {
    output(directory, script);
  }

  static boolean succeeds(Path directory, String script) {
    return execute(directory, script).code() == 0;
  }

  static String output(Path directory, String script) {
    Ended ended = execute(directory, script);
    if (ended.code() != 0) {
      throw new IllegalStateException("the script failed: " + ended.output());
    }
    return ended.output();
  }

  private static Ended execute(Path directory, String script) {
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-e", "-c", "PATH=$PATH:/usr/sbin:/sbin\n" + script)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
