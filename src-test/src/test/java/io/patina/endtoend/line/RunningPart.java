package io.patina.endtoend.line;

import io.patina.stack.line.Part;
import io.patina.stack.line.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One part of the line as a process under a test's control. Not thread-safe. */
public final class RunningPart {

  private static final int TAIL_LINES = 25;

  private final Part part;
  private final Part.Launch launch;
  private final Path log;
  private final Process process;
  private final Thread onExit;

  private RunningPart(Part part, Part.Launch launch, Path log, Process process) {
    this.part = part;
    this.launch = launch;
    this.log = log;
    this.process = process;
    // A test JVM that is told to end must not leave servers behind.
    this.onExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Starts the process without waiting until it answers. */
  static RunningPart launch(Part part, Path log, List<String> environment)
      throws IOException, InterruptedException {
    Part.Launch launch = part.preparation().prepare();
    ProcessBuilder builder =
        new ProcessBuilder(launch.command())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(launch.environment());
    for (String assignment : environment) {
      int equals = assignment.indexOf('=');
      builder.environment().put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return new RunningPart(part, launch, log, builder.start());
  }

  /** Waits until it answers. */
  public RunningPart awaitReady() throws IOException {
    try {
      Await.until(
          "the " + part.name() + " answers",
          part.startLimit(),
          () -> {
            if (!process.isAlive()) {
              throw new AssertionError(
                  "the " + part.name() + " ended with " + process.exitValue());
            }
            return launch.ready().waitingFor().isEmpty();
          });
    } catch (AssertionError e) {
      e.addSuppressed(new IOException("the end of its log:\n" + String.join("\n", tail())));
      throw e;
    }
    return this;
  }

  /** What the part itself says it is still waiting for; empty if it is ready. */
  public Optional<String> waitingFor() throws IOException {
    return launch.ready().waitingFor();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** The last lines of its log. */
  public List<String> tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
  }

  /** kill -9, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    int unused = process.waitFor();
    boolean unusedHook = Runtime.getRuntime().removeShutdownHook(onExit);
  }

  /** SIGSTOP: the process stays, its connections stay, nothing moves. */
  public void freeze() throws IOException, InterruptedException {
    record().signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() throws IOException, InterruptedException {
    record().signal("CONT");
  }

  private ProcessRecord record() throws IOException {
    return ProcessRecord.of(process.pid())
        .orElseThrow(() -> new IOException("the " + part.name() + " is gone"));
  }

  /** Asks it to end as the supervisor does, and waits; kills it past the part's own limit. */
  public void stop() throws IOException, InterruptedException {
    Optional<ProcessRecord> record = ProcessRecord.of(process.pid());
    if (record.isPresent()) {
      record.get().signal("CONT");
      record.get().signal(part.stopSignal());
      if (!record.get().awaitEnd(part.stopLimit())) {
        process.destroyForcibly();
      }
    }
    kill();
  }
}
