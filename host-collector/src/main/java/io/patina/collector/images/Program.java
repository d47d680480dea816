package io.patina.collector.images;

import io.patina.facts.Escaped;
import io.patina.imports.InvalidImportException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a program of this machine; its messages become part of the refusal if it fails. */
final class Program implements AutoCloseable {
  private static final int MOST = 4000;

  private final List<String> command;
  private final Path messages;
  private final Process process;

  private Program(List<String> command, Path messages, Process process) {
    this.command = command;
    this.messages = messages;
    this.process = process;
  }

  static Program start(List<String> command) throws IOException, InvalidImportException {
    Path messages = Files.createTempFile("patina", ".messages");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(messages.toFile())
              .start();
      return new Program(command, messages, process);
    } catch (IOException e) {
      Files.delete(messages);
      throw new InvalidImportException(
          "this needs the program " + command.getFirst() + ", which is not installed here", e);
    }
  }

  /** Runs to the end; what it wrote. */
  static String run(List<String> command) throws IOException, InvalidImportException {
    try (Program program = start(command)) {
      String out = new String(program.output().readNBytes(1 << 20), StandardCharsets.UTF_8);
      program.succeed();
      return out.strip();
    }
  }

  InputStream output() {
    return process.getInputStream();
  }

  /** Waits for the end. */
  void succeed() throws IOException, InvalidImportException {
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidImportException("interrupted", e);
    }
    if (code != 0) {
      String said = Files.readString(messages, StandardCharsets.ISO_8859_1).strip();
      throw new InvalidImportException(
          command.getFirst()
              + " ended with "
              + code
              + ": "
              + Escaped.text(said.substring(0, Math.min(MOST, said.length()))));
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.getInputStream().close();
    Files.deleteIfExists(messages);
  }
}
