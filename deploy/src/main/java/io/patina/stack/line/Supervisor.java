package io.patina.stack.line;

import io.patina.stack.line.LineState.HostVerdict;
import io.patina.stack.line.LineState.Phase;
import io.patina.stack.line.LineState.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
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
  private static final int VERDICT_PAUSE_MILLIS = 250;
  private static final int MOST_NOTICES = 20;

  private final DataDirectory data;
  private final String page;
  private final @Nullable VerdictSource verdicts;
  private final Consumer<LineState> listener;
  private final String since = PartProcess.now();
  private final List<PartProcess> parts = new ArrayList<>();
  private final Map<String, List<Instant>> deaths = new HashMap<>();
  private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final List<String> notices = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  private @Nullable Failed failed;
  private Phase phase = Phase.STARTING;
  private @Nullable HostVerdict verdict;

  /** Where the first verdict comes from. */
  @FunctionalInterface
  public interface VerdictSource {
    /** This host's verdict once it has one; empty before that, or while nobody answers. */
    Optional<HostVerdict> verdict() throws IOException;
  }

  /**
   * A part that did not start, which ended the line.
   *
   * @param report how, with the end of its log
   */
  record Failed(String part, String report) {}

  /** A process that was up has ended. */
  private record End(PartProcess part, String how) {}

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
      this.parts.add(new PartProcess(data, part, state -> publish()));
    }
  }

  /**
   * Runs the line until it is stopped.
   *
   * @return true if it was stopped, false if it could not be started; everything has ended then
   */
  public boolean run() throws IOException, InterruptedException {
    for (PartProcess part : parts) {
      Optional<String> problem = part.start();
      if (problem.isPresent()) {
        synchronized (this) {
          failed = new Failed(part.name(), problem.get());
        }
        notice(problem.get());
        stop(Phase.FAILED);
        return false;
      }
      watch(part);
    }
    enter(verdicts == null ? Phase.RUNNING : Phase.WAITING);
    while (!isStopping()) {
      boolean wanted = verdicts != null && verdict == null;
      End end = wanted ? ends.poll(VERDICT_PAUSE_MILLIS, TimeUnit.MILLISECONDS) : ends.take();
      if (end != null) {
        restart(end);
      } else if (verdicts != null) {
        verdicts.verdict().ifPresent(this::found);
      }
    }
    stopped.await();
    return true;
  }

  /** Why {@link #run} answered false; empty if it was told to stop. */
  synchronized Optional<Failed> failed() {
    return Optional.ofNullable(failed);
  }

  /** Stops everything in order and returns when it has ended; harmless when called again. */
  public void stop() throws IOException, InterruptedException {
    stop(Phase.STOPPED);
  }

  /**
   * Ends processes that an earlier supervisor of this directory left behind.
   *
   * @param parts in order of start
   * @return the names of the parts that were still running
   */
  static List<String> stopLeftovers(DataDirectory data, List<Part> parts)
      throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (Part part : parts.reversed()) {
      if (PartProcess.endLeftover(data, part)) {
        names.add(part.name());
      }
    }
    return names;
  }

  private void watch(PartProcess part) {
    Thread.ofVirtual()
        .name("watch-" + part.name())
        .start(
            () -> {
              try {
                ends.add(new End(part, part.awaitExit()));
              } catch (InterruptedException e) {
                // Nobody interrupts it; if somebody did, the part would only go unwatched.
                Thread.currentThread().interrupt();
              }
            });
  }

  private void restart(End end) throws IOException, InterruptedException {
    if (isStopping()) {
      return;
    }
    PartProcess part = end.part();
    List<Instant> recent = deaths.computeIfAbsent(part.name(), name -> new ArrayList<>());
    String how = end.how();
    String report = part.report(how);
    while (!isStopping()) {
      Instant now = Instant.now();
      recent.removeIf(death -> death.isBefore(now.minus(RESTART_WINDOW)));
      recent.add(now);
      if (recent.size() > RESTARTS) {
        part.died(Step.GIVEN_UP, how);
        notice(
            report
                + "\nIt died "
                + recent.size()
                + " times in ten minutes and stays down; the other parts go on. When the cause is"
                + " gone: "
                + Line.command("down", data)
                + ", then "
                + Line.command("up", data)
                + ".");
        return;
      }
      int seconds = 1 << (recent.size() - 1);
      part.died(Step.DIED, how + ", starting again in " + seconds + " s");
      notice(report + "\nStarting it again in " + seconds + " s.");
      if (stopping.await(seconds, TimeUnit.SECONDS)) {
        return;
      }
      Optional<String> problem = part.start();
      if (problem.isEmpty()) {
        watch(part);
        return;
      }
      part.clear();
      how = part.state().detail();
      report = problem.get();
    }
  }

  private void stop(Phase last) throws IOException, InterruptedException {
    boolean first;
    synchronized (this) {
      first = phase != Phase.STOPPING && stopped.getCount() > 0;
      if (first) {
        phase = Phase.STOPPING;
      }
    }
    if (!first) {
      stopped.await();
      return;
    }
    stopping.countDown();
    // Wakes run() even if nothing is left that could end.
    parts.stream().findFirst().ifPresent(part -> ends.add(new End(part, "")));
    publish();
    for (PartProcess part : parts.reversed()) {
      part.end();
    }
    enter(last);
    stopped.countDown();
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void found(HostVerdict first) {
    synchronized (this) {
      verdict = first;
    }
    enter(Phase.RUNNING);
  }

  private void enter(Phase next) {
    synchronized (this) {
      // A stop that has begun in another thread is not undone by a start that has just ended.
      if (phase == Phase.STOPPING && (next == Phase.WAITING || next == Phase.RUNNING)) {
        return;
      }
      phase = next;
    }
    publish();
  }

  private void notice(String text) {
    synchronized (this) {
      if (notices.size() == MOST_NOTICES) {
        notices.removeFirst();
      }
      notices.add(PartProcess.now() + " " + text);
    }
    publish();
  }

  private synchronized void publish() {
    LineState state =
        new LineState(
            phase, page, since, parts.stream().map(PartProcess::state).toList(), verdict, notices);
    try {
      state.write(data.run("state.json"));
    } catch (IOException e) {
      // The line itself is well: say it where somebody may look, and go on.
      System.err.println("cannot write " + data.run("state.json") + ": " + e.getMessage());
    }
    listener.accept(state);
  }
}
