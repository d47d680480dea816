package io.patina.endtoend.hosts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs one program to its end. */
final class Shell {

  /**
   * How a program ended.
   *
   * @param output standard output and standard error as they came
   */
  record Ended(int code, String output) {}

  private Shell() {}

  static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  /**
   * Runs a program that must succeed.
   *
   * @return its output
   * @throws IOException if it ends with another code than 0; the message holds its output
   */
  static String must(String... command) throws IOException, InterruptedException {
    Ended ended = run(List.of(command));
    if (ended.code() != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + ended.code() + ": " + ended.output());
    }
    return ended.output();
  }
}
