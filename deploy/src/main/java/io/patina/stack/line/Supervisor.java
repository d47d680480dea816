package io.patina.stack.line;

import io.patina.stack.line.LineState.HostVerdict;
import io.patina.stack.line.LineState.PartState;
import io.patina.stack.line.LineState.Phase;
import io.patina.stack.line.LineState.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the parts of a line in order, keeps them up, and stops them in the opposite order.
 *
 * <p>{@link #run} belongs to one thread; {@link #stop} may be called from any other, and from a
 * shutdown hook. A part that dies is reported with the end of its log and started again after 1, 2
 * and 4 seconds; a fourth death within ten minutes leaves it down, because a line that restarts for
 * ever hides what is wrong with it. The other parts go on: the collector spools, the engine waits.
 */
public final class Supervisor {
  private static final int RESTARTS = 3;
  private static final Duration RESTART_WINDOW = Duration.ofMinutes(10);
  private static final Duration PROBE_PAUSE = Duration.ofMillis(100);
  private static final int VERDICT_PAUSE_MILLIS = 250;
  private static final int TAIL_LINES = 12;
  private static final int LARGEST_NOTICES = 20;

  private final DataDirectory data;
  private final String page;
  private final @Nullable VerdictSource verdicts;
  private final Consumer<LineState> listener;
  private final String since = now();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final BlockingQueue<Slot> ended = new LinkedBlockingQueue<>();
  private final List<String> notices = new ArrayList<>();

  private Phase phase = Phase.STARTING;
  private @Nullable HostVerdict verdict;
  private boolean stopping;

  /** Where the first verdict comes from. */
  @FunctionalInterface
  public interface VerdictSource {
    /** This host's verdict once it has one; empty before that, or while nobody answers. */
    Optional<HostVerdict> verdict() throws IOException;
  }

  /** A part and its present process. */
  private static final class Slot {
    final Part part;
    final List<Instant> deaths = new ArrayList<>();
    @Nullable Process process;
    PartState state;

    Slot(Part part) {
      this.part = part;
      this.state = new PartState(part.name(), Step.WAITING, 0, now(), "");
    }
  }

  /**
   * Makes a supervisor; starts nothing.
   *
   * @param parts in order of start
   * @param page address to print
   * @param verdicts asked once all parts answer, until it has an answer; null where no engine runs
   * @param listener told every change; must not block
   */
  public Supervisor(
      DataDirectory data,
      List<Part> parts,
      String page,
      @Nullable VerdictSource verdicts,
      Consumer<LineState> listener) {
    this.data = data;
    this.page = page;
    this.verdicts = verdicts;
    this.listener = listener;
    for (Part part : parts) {
      slots.put(part.name(), new Slot(part));
    }
  }

  /**
   * Runs the line until it is stopped.
   *
   * @return true if it was stopped, false if it could not be started; everything has ended then
   */
  public boolean run() throws IOException, InterruptedException {
    stopLeftovers(data, slots.values().stream().map(slot -> slot.part).toList());
    for (Slot slot : slots.values()) {
      Optional<String> problem = start(slot);
      if (isStopping()) {
        return true;
      }
      if (problem.isPresent()) {
        notice(problem.get());
        stop(Phase.FAILED);
        return false;
      }
    }
    enter(verdicts == null ? Phase.RUNNING : Phase.WAITING);
    while (!isStopping()) {
      boolean wanted = verdicts != null && verdict == null;
      Slot dead = wanted ? ended.poll(VERDICT_PAUSE_MILLIS, TimeUnit.MILLISECONDS) : ended.take();
      if (dead != null) {
        restart(dead);
      } else if (verdicts != null) {
        verdicts.verdict().ifPresent(this::found);
      }
    }
    return true;
  }

  /** Stops everything in order and returns when it has ended; harmless when called again. */
  public void stop() throws IOException, InterruptedException {
    stop(Phase.STOPPED);
  }

  /**
   * Ends processes that an earlier supervisor of this directory left behind.
   *
   * @return the names of the parts that were still running
   */
  static List<String> stopLeftovers(DataDirectory data, List<Part> parts)
      throws IOException, InterruptedException {
    List<String> stopped = new ArrayList<>();
    for (Part part : parts.reversed()) {
      Path file = pidFile(data, part);
      Optional<ProcessRecord> left = ProcessRecord.read(file);
      if (left.isPresent() && left.get().isAlive()) {
        end(left.get(), part);
        stopped.add(part.name());
      }
      Files.deleteIfExists(file);
    }
    return stopped;
  }

  private Optional<String> start(Slot slot) throws IOException, InterruptedException {
    Part part = slot.part;
    Path log = data.logs().resolve(part.name() + ".log");
    set(slot, Step.PREPARING, "");
    Part.Launch launch;
    try {
      launch = part.preparation().prepare();
      LogTail.rotate(log);
    } catch (IOException e) {
      set(slot, Step.GIVEN_UP, "could not be prepared");
      return Optional.of(part.name() + " could not be started: " + e.getMessage());
    }
    Process process;
    synchronized (this) {
      if (stopping) {
        return Optional.empty();
      }
      process = spawn(launch, log);
      slot.process = process;
      Optional<ProcessRecord> record = ProcessRecord.of(process.pid());
      if (record.isPresent()) {
        record.get().write(pidFile(data, part));
      }
    }
    long deadline = System.nanoTime() + part.startLimit().toNanos();
    while (!isStopping()) {
      Optional<String> waiting = launch.ready().waitingFor();
      if (waiting.isEmpty() && process.isAlive()) {
        set(slot, Step.READY, "");
        Thread.ofVirtual().name("watch-" + part.name()).start(() -> watch(slot, process));
        return Optional.empty();
      }
      set(slot, Step.STARTING, waiting.orElse(""));
      if (process.waitFor(PROBE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        String how = "ended with " + process.exitValue() + " before it answered";
        set(slot, Step.GIVEN_UP, how);
        return Optional.of(report(part, how));
      }
      if (System.nanoTime() - deadline > 0) {
        String how = "did not answer within " + part.startLimit().toSeconds() + " s";
        set(slot, Step.GIVEN_UP, how);
        return Optional.of(report(part, how + " (" + waiting.orElse("") + ")"));
      }
    }
    return Optional.empty();
  }

  private void watch(Slot slot, Process process) {
    process.onExit().join();
    ended.add(slot);
  }

  private void restart(Slot slot) throws IOException, InterruptedException {
    Process process = slot.process;
    if (isStopping() || process == null || process.isAlive()) {
      return;
    }
    String how = "ended with " + process.exitValue();
    while (!isStopping()) {
      Instant now = Instant.now();
      slot.deaths.removeIf(death -> death.isBefore(now.minus(RESTART_WINDOW)));
      slot.deaths.add(now);
      if (slot.deaths.size() > RESTARTS) {
        set(slot, Step.GIVEN_UP, how);
        notice(
            report(slot.part, how)
                + "\nIt died "
                + slot.deaths.size()
                + " times in ten minutes and stays down; the other parts go on."
                + " When the cause is gone: ./patina down, then ./patina up.");
        return;
      }
      int seconds = 1 << (slot.deaths.size() - 1);
      set(slot, Step.DIED, how + ", starting again in " + seconds + " s");
      notice(report(slot.part, how) + "\nStarting it again in " + seconds + " s.");
      if (awaitStop(Duration.ofSeconds(seconds))) {
        return;
      }
      Optional<String> problem = start(slot);
      if (problem.isEmpty()) {
        return;
      }
      Process failed = slot.process;
      if (failed != null && failed.isAlive()) {
        end(slot, failed);
      }
      how = slot.state.detail();
    }
  }

  private String report(Part part, String how) throws IOException {
    Path log = data.logs().resolve(part.name() + ".log");
    StringBuilder text = new StringBuilder("The " + part.name() + " " + how + ".");
    List<String> tail = LogTail.of(log, TAIL_LINES);
    if (tail.isEmpty()) {
      text.append(" Its log is empty: ").append(log);
    } else {
      text.append(" The end of ").append(log).append(':');
      tail.forEach(line -> text.append("\n  | ").append(line));
    }
    return text.toString();
  }

  private void stop(Phase last) throws IOException, InterruptedException {
    synchronized (this) {
      if (stopping) {
        while (phase == Phase.STOPPING) {
          wait();
        }
        return;
      }
      stopping = true;
      phase = Phase.STOPPING;
      notifyAll();
    }
    // Wakes run(), which sees that it is over.
    ended.addAll(slots.values());
    publish();
    for (Slot slot : new ArrayList<>(slots.values()).reversed()) {
      Process process = slot.process;
      if (process != null) {
        if (process.isAlive()) {
          set(slot, Step.STOPPING, "");
          end(slot, process);
        }
        Files.deleteIfExists(pidFile(data, slot.part));
        if (slot.state.step() != Step.GIVEN_UP) {
          set(slot, Step.STOPPED, "");
        }
      }
    }
    enter(last);
    synchronized (this) {
      notifyAll();
    }
  }

  private static void end(Slot slot, Process process) throws IOException, InterruptedException {
    Optional<ProcessRecord> record = ProcessRecord.of(process.pid());
    if (record.isPresent()) {
      end(record.get(), slot.part);
    }
    process.waitFor();
  }

  private static void end(ProcessRecord process, Part part)
      throws IOException, InterruptedException {
    process.signal(part.stopSignal());
    if (!process.awaitEnd(part.stopLimit())) {
      process.signal("KILL");
      process.awaitEnd(part.stopLimit());
    }
  }

  /**
   * Starts a process in a session of its own, so that Ctrl-C reaches the supervisor alone and the
   * order of stopping is the supervisor's.
   */
  private static Process spawn(Part.Launch launch, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.addAll(launch.command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(launch.environment());
    return builder.start();
  }

  private static Path pidFile(DataDirectory data, Part part) {
    return data.run(part.name() + ".pid");
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private synchronized boolean awaitStop(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!stopping) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private void found(HostVerdict first) {
    synchronized (this) {
      verdict = first;
    }
    enter(Phase.RUNNING);
  }

  private void enter(Phase next) {
    synchronized (this) {
      phase = next;
    }
    publish();
  }

  private void notice(String text) {
    synchronized (this) {
      if (notices.size() == LARGEST_NOTICES) {
        notices.removeFirst();
      }
      notices.add(now() + " " + text);
    }
    publish();
  }

  private void set(Slot slot, Step step, String detail) {
    synchronized (this) {
      Process process = slot.process;
      long pid = process != null && process.isAlive() ? process.pid() : 0;
      boolean same = slot.state.step() == step;
      PartState next =
          new PartState(slot.part.name(), step, pid, same ? slot.state.since() : now(), detail);
      if (next.equals(slot.state)) {
        return;
      }
      slot.state = next;
    }
    publish();
  }

  private synchronized void publish() {
    LineState state =
        new LineState(
            phase,
            page,
            since,
            slots.values().stream().map(slot -> slot.state).toList(),
            verdict,
            notices);
    try {
      state.write(data.run("state.json"));
    } catch (IOException e) {
      // The line itself is well: say it once more where somebody may look, and go on.
      System.err.println("cannot write " + data.run("state.json") + ": " + e.getMessage());
    }
    listener.accept(state);
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
