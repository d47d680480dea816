package io.patina.stack.line;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops the line in order; with {@code --purge} removes what it made. */
@Command(
    name = "down",
    description = {
      "Stops collector, engine, broker and database, in this order.",
      "What they keep stays; the next 'up' resumes."
    },
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  /** More than all parts may take together before they are killed. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private static final Duration LOCK_LIMIT = Duration.ofSeconds(20);

  private static final Duration FOLLOW_PAUSE = Duration.ofMillis(50);

  @Mixin private Line.Where where = new Line.Where();

  @Option(
      names = "--purge",
      description = "Remove everything that 'up' made in DIR: host, history, keys, logs.")
  private boolean purge;

  @Override
  public Integer call() throws IOException, InterruptedException {
    DataDirectory data = where.directory();
    if (!data.exists()) {
      System.out.println("Nothing to stop: there is no line in " + data.root() + ".");
      return 0;
    }
    boolean stopped = stopSupervisor(data);
    Optional<FileChannel> lock = data.lock(LOCK_LIMIT);
    if (lock.isEmpty()) {
      System.err.println("patina: another command works on " + data.root() + "; try again.");
      return 1;
    }
    try (FileChannel held = lock.get()) {
      List<String> left =
          Supervisor.stopLeftovers(
              data, new Parts(data, new Ports(0, 0, 0, 0, 0), Line.CHECKOUT).all());
      if (!left.isEmpty()) {
        System.out.println("Stopped what had been left running: " + String.join(", ", left));
      } else if (!stopped) {
        System.out.println("Nothing was running in " + data.root() + ".");
      }
      Files.deleteIfExists(data.run("supervisor.pid"));
      if (purge) {
        data.purge();
        System.out.println("Removed what was in " + data.root() + ".");
      }
      return held.isOpen() ? 0 : 1;
    }
  }

  private static boolean stopSupervisor(DataDirectory data)
      throws IOException, InterruptedException {
    Optional<ProcessRecord> supervisor = ProcessRecord.read(data.run("supervisor.pid"));
    if (supervisor.isEmpty() || !supervisor.get().isAlive()) {
      return false;
    }
    Screen screen = new Screen(System.out, Screen.isTerminal(), data);
    LineState.read(data.run("state.json")).ifPresent(screen::skipNotices);
    supervisor.get().signal("TERM");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    LineState last = null;
    boolean ended = false;
    while (!ended) {
      ended = supervisor.get().awaitEnd(FOLLOW_PAUSE);
      LineState state = LineState.read(data.run("state.json")).orElse(null);
      if (state != null
          && !state.equals(last)
          && state.phase().compareTo(LineState.Phase.STOPPING) >= 0) {
        screen.show(state);
        last = state;
      }
      if (System.nanoTime() - deadline > 0) {
        supervisor.get().signal("KILL");
      }
    }
    return true;
  }
}
