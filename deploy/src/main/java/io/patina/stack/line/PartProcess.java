package io.patina.stack.line;

import io.patina.stack.line.LineState.PartState;
import io.patina.stack.line.LineState.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One part and its present process: starts it, waits until it answers, ends it.
 *
 * <p>{@link #start} and {@link #end} may run in two threads: a process that starts while the part
 * is being ended is ended, and none starts afterwards.
 */
final class PartProcess {
  private static final Duration PROBE_PAUSE = Duration.ofMillis(100);
  private static final int TAIL_LINES = 12;
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final DataDirectory data;
  private final Part part;
  private final Consumer<PartState> listener;

  private @Nullable Process process;
  private PartState state;
  private boolean ended;

  /**
   * Makes a part without a process.
   *
   * @param listener told every change of its state
   */
  PartProcess(DataDirectory data, Part part, Consumer<PartState> listener) {
    this.data = data;
    this.part = part;
    this.listener = listener;
    this.state = new PartState(part.name(), Step.WAITING, 0, now(), "");
  }

  String name() {
    return part.name();
  }

  synchronized PartState state() {
    return state;
  }

  /**
   * Starts the part and waits until it answers.
   *
   * @return empty if it answers or has been ended meanwhile, else a report for people; the process
   *     may still be there then
   */
  Optional<String> start() throws IOException, InterruptedException {
    set(Step.PREPARING, "");
    Part.Launch launch;
    Optional<Process> spawned;
    try {
      launch = part.preparation().prepare();
      LogTail.rotate(log());
      spawned = spawn(launch);
    } catch (IOException e) {
      set(Step.GIVEN_UP, "could not be started");
      return Optional.of("The " + name() + " could not be started: " + e.getMessage());
    }
    return spawned.isEmpty() ? Optional.empty() : awaitAnswer(launch, spawned.get());
  }

  /** Blocks until the present process has ended; says how. */
  String awaitExit() throws InterruptedException {
    Process present;
    synchronized (this) {
      present = process;
    }
    return present == null ? "has never run" : "ended with " + present.waitFor();
  }

  /** Asks the process to end, insists after the part's limit, and lets no other one start. */
  void end() throws IOException, InterruptedException {
    Process present;
    synchronized (this) {
      ended = true;
      present = process;
    }
    if (present != null) {
      if (present.isAlive()) {
        set(Step.STOPPING, "");
        kill(present);
      }
      if (state().step() != Step.GIVEN_UP) {
        set(Step.STOPPED, "");
      }
    }
    Files.deleteIfExists(pidFile(data, part));
  }

  /** Ends a process that did not answer, so that the part can be started again. */
  void clear() throws IOException, InterruptedException {
    Process present;
    synchronized (this) {
      present = process;
    }
    if (present != null && present.isAlive()) {
      kill(present);
    }
  }

  /** Sets the step of a part whose process has ended. */
  void died(Step step, String detail) {
    set(step, detail);
  }

  /** What to tell about an end: how, and the last lines of the log. */
  String report(String how) throws IOException {
    StringBuilder text = new StringBuilder("The " + name() + " " + how + ".");
    List<String> tail = LogTail.of(log(), TAIL_LINES);
    if (tail.isEmpty()) {
      text.append(" Its log is empty: ").append(log());
    } else {
      text.append(" The end of ").append(log()).append(':');
      tail.forEach(line -> text.append("\n  | ").append(line));
    }
    return text.toString();
  }

  /**
   * Ends the process that an earlier supervisor of this directory left behind.
   *
   * @return whether there was one
   */
  static boolean endLeftover(DataDirectory data, Part part)
      throws IOException, InterruptedException {
    Path file = pidFile(data, part);
    Optional<ProcessRecord> left = ProcessRecord.read(file);
    boolean alive = left.isPresent() && left.get().isAlive();
    if (alive) {
      end(left.get(), part);
    }
    Files.deleteIfExists(file);
    return alive;
  }

  private Optional<String> awaitAnswer(Part.Launch launch, Process present)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + part.startLimit().toNanos();
    while (!isEnded()) {
      Optional<String> waiting = launch.ready().waitingFor();
      if (waiting.isEmpty() && present.isAlive()) {
        set(Step.READY, "");
        return Optional.empty();
      }
      set(Step.STARTING, waiting.orElse(""));
      String how = null;
      if (present.waitFor(PROBE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        how = "ended with " + present.exitValue() + " before it answered";
      } else if (System.nanoTime() - deadline > 0) {
        how =
            "did not answer within " + part.startLimit().toSeconds() + " s: " + waiting.orElse("");
      }
      if (how != null && !isEnded()) {
        set(Step.GIVEN_UP, how);
        return Optional.of(report(how));
      }
    }
    return Optional.empty();
  }

  /**
   * Starts a process in a session of its own, so that Ctrl-C reaches the supervisor alone and the
   * order of stopping is the supervisor's.
   */
  private synchronized Optional<Process> spawn(Part.Launch launch) throws IOException {
    if (ended) {
      return Optional.empty();
    }
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.addAll(launch.command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            // Not where the person is: Quarkus reads .env and config/ from there, and a process
            // keeps its directory's file system busy.
            .directory(data.root().toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(launch.environment());
    Process started = builder.start();
    process = started;
    Optional<ProcessRecord> record = ProcessRecord.of(started.pid());
    if (record.isPresent()) {
      record.get().write(pidFile(data, part));
    }
    return Optional.of(started);
  }

  private void kill(Process present) throws IOException, InterruptedException {
    Optional<ProcessRecord> record = ProcessRecord.of(present.pid());
    if (record.isPresent()) {
      end(record.get(), part);
    }
    present.waitFor();
  }

  private static void end(ProcessRecord process, Part part)
      throws IOException, InterruptedException {
    process.signal(part.stopSignal());
    if (!process.awaitEnd(part.stopLimit())) {
      process.signal("KILL");
      process.awaitEnd(part.stopLimit());
    }
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private void set(Step step, String detail) {
    PartState next;
    synchronized (this) {
      Process present = process;
      long pid = present != null && present.isAlive() ? present.pid() : 0;
      String since = state.step() == step ? state.since() : now();
      next = new PartState(name(), step, pid, since, detail);
      if (next.equals(state)) {
        return;
      }
      state = next;
    }
    listener.accept(next);
  }

  private Path log() {
    return data.logs().resolve(name() + ".log");
  }

  private static Path pidFile(DataDirectory data, Part part) {
    return data.run(part.name() + ".pid");
  }

  /** The present moment as states show it. */
  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
