package io.patina.stack.line;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Starts a line, and again on other ports where somebody else has taken one between choosing it and
 * using it: nobody can hold a port for another process. Only ports that were chosen here are given
 * up; the page's is a person's.
 */
final class Launching {
  private static final int ATTEMPTS = 4;

  /** As PostgreSQL, Kafka and Java say it. */
  private static final Pattern TAKEN =
      Pattern.compile("Address already in use|BindException|could not bind");

  /** Makes the supervisor of a line on these ports; starts nothing. */
  @FunctionalInterface
  interface Lines {
    Supervisor on(Ports ports);
  }

  private final Lines lines;
  private final Path file;
  private final Consumer<String> say;
  private @Nullable Supervisor current;
  private boolean stopping;

  /**
   * @param file where the ports are remembered
   * @param say told what a person should know
   */
  Launching(Lines lines, Path file, Consumer<String> say) {
    this.lines = lines;
    this.file = file;
    this.say = say;
  }

  /** As {@link Supervisor#run}. */
  boolean run(Ports first) throws IOException, InterruptedException {
    Ports ports = first;
    for (int attempt = 1; ; attempt++) {
      Supervisor supervisor = next(ports);
      if (supervisor == null) {
        return true;
      }
      if (supervisor.run()) {
        return true;
      }
      Optional<Ports> others = others(supervisor, ports);
      if (attempt == ATTEMPTS || others.isEmpty()) {
        return false;
      }
      ports = others.get();
      ports.write(file);
    }
  }

  private synchronized @Nullable Supervisor next(Ports ports) {
    if (stopping) {
      return null;
    }
    Supervisor supervisor = lines.on(ports);
    current = supervisor;
    return supervisor;
  }

  private Optional<Ports> others(Supervisor supervisor, Ports ports) throws IOException {
    Optional<Supervisor.Failed> failed = supervisor.failed();
    if (failed.isEmpty() || !TAKEN.matcher(failed.get().report()).find()) {
      return Optional.empty();
    }
    Optional<Ports> others = ports.withOthersFor(failed.get().part());
    others.ifPresent(
        o ->
            say.accept(
                "Another program has taken the port of the "
                    + failed.get().part()
                    + " in the meantime; starting again on a free one."));
    return others;
  }

  /** As {@link Supervisor#stop}; afterwards nothing is started any more. */
  void stop() throws IOException, InterruptedException {
    Supervisor present;
    synchronized (this) {
      stopping = true;
      present = current;
    }
    if (present != null) {
      present.stop();
    }
  }
}
