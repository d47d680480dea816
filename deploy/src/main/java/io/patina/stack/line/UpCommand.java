package io.patina.stack.line;

import io.patina.stack.line.LineState.Phase;
import io.patina.stack.line.LineState.Step;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the line, in this process or in one that stays behind. */
@Command(
    name = "up",
    description = {
      "Starts a broker, a database, the engine and the collector on this host.",
      "All listen on 127.0.0.1. Ctrl-C or 'down' stops them in order; a second",
      "'up' on the same directory resumes: same host, same history."
    },
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  /** Leftovers are stopped by pid; no port is needed for that. */
  private static final Ports NO_PORTS = new Ports(0, 0, 0, 0, 0);

  private static final Duration FOLLOW_PAUSE = Duration.ofMillis(100);

  @Mixin private Line.Where where = new Line.Where();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = {
        "Port of the page and the API (default: that of the last run, else "
            + Ports.DEFAULT_PAGE
            + ").",
        "The ports of the other parts are free ones, remembered in DIR/run/ports."
      })
  private @Nullable Integer port;

  @Option(
      names = "--detach",
      description = "Return when the first verdict is there; the line runs on.")
  private boolean detach;

  @Option(
      names = "--parts",
      paramLabel = "NAME",
      split = ",",
      description = "Start only these (database, broker, engine, collector).")
  private List<String> only = List.of();

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    DataDirectory data = where.directory();
    if (port != null && (port < 1 || port > 65535)) {
      return fail("--port takes a number from 1 to 65535, not " + port + ".");
    }
    Optional<String> refusal = data.claim();
    if (refusal.isPresent()) {
      return fail(refusal.get());
    }
    Optional<FileChannel> lock = data.lock();
    if (lock.isEmpty()) {
      return alreadyRunning(data);
    }
    Ports ports;
    try (FileChannel held = lock.get()) {
      // Before the ports are chosen: what an earlier supervisor left behind still holds them.
      List<String> left =
          Supervisor.stopLeftovers(data, new Parts(data, NO_PORTS, Line.CHECKOUT).all());
      if (!left.isEmpty()) {
        out.println("Stopped what an earlier run had left: " + String.join(", ", left));
      }
      ports =
          Ports.choose(
              data.run("ports"), port == null ? OptionalInt.empty() : OptionalInt.of(port));
      if (wants("engine") && !Ports.isFree(ports.page())) {
        return busy(ports.page());
      }
      ports.write(data.run("ports"));
      if (!detach && held.isOpen()) {
        return supervise(data, ports);
      }
    }
    // The supervisor takes the lock over; between the two nothing of the line runs.
    return follow(data, detached(data, ports));
  }

  private int supervise(DataDirectory data, Ports ports) throws IOException, InterruptedException {
    Screen screen = new Screen(out, Screen.isTerminal(), data);
    Launching launching =
        new Launching(
            p -> supervisor(data, p, screen), data.run("ports"), sentence -> out.println(sentence));
    Optional<ProcessRecord> self = ProcessRecord.of(ProcessHandle.current().pid());
    if (self.isPresent()) {
      self.get().write(data.run("supervisor.pid"));
    }
    Thread stop = new Thread(() -> stopQuietly(launching), "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    boolean started = launching.run(ports);
    if (!started) {
      Files.deleteIfExists(data.run("supervisor.pid"));
    }
    return started ? 0 : 1;
  }

  private Supervisor supervisor(DataDirectory data, Ports ports, Screen screen) {
    Parts parts = new Parts(data, ports, Line.CHECKOUT);
    return new Supervisor(
        data,
        parts.all().stream().filter(part -> wants(part.name())).toList(),
        parts.page().toString(),
        wants("engine") && wants("collector")
            ? new EngineVerdict(parts.page(), Instant.now())
            : null,
        screen::show);
  }

  private static void stopQuietly(Launching launching) {
    try {
      launching.stop();
    } catch (IOException | InterruptedException e) {
      System.err.println("patina: could not stop everything: " + e.getMessage());
    }
  }

  /** Starts the supervisor in a session of its own, writing to its own log. */
  private Process detached(DataDirectory data, Ports ports) throws IOException {
    Files.deleteIfExists(data.run("state.json"));
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    // The same JVM with the same options as this process; they end where the class path begins.
    String[] arguments = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        Stream.of(arguments).skip(1).takeWhile(argument -> !argument.equals("-cp")).toList());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Line.class.getName(),
            "up",
            "--data",
            data.root().toString(),
            "--port",
            String.valueOf(ports.page())));
    if (!only.isEmpty()) {
      command.add("--parts");
      command.add(String.join(",", only));
    }
    Path log = data.logs().resolve("supervisor.log");
    LogTail.rotate(log);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(data.root().toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(Line.detachedEnvironment());
    return builder.start();
  }

  private int follow(DataDirectory data, Process supervisor)
      throws IOException, InterruptedException {
    Screen screen = new Screen(out, Screen.isTerminal(), data);
    LineState last = null;
    while (true) {
      boolean ended = supervisor.waitFor(FOLLOW_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      LineState state = LineState.read(data.run("state.json")).orElse(null);
      if (state != null && !state.equals(last)) {
        screen.show(state);
        last = state;
      }
      if (ended) {
        if (last == null || last.phase() != Phase.FAILED) {
          out.println("The supervisor ended with " + supervisor.exitValue() + ":");
          LogTail.of(data.logs().resolve("supervisor.log"), 20)
              .forEach(line -> out.println("  | " + line));
        }
        return 1;
      }
      if (last != null && last.phase() == Phase.RUNNING) {
        return 0;
      }
      if (last != null
          && last.phase() == Phase.WAITING
          && last.parts().stream().anyMatch(p -> p.step() == Step.GIVEN_UP)) {
        out.println("There will be no verdict; the other parts still run: page " + last.page());
        return 1;
      }
    }
  }

  private int alreadyRunning(DataDirectory data) throws IOException {
    String page = LineState.read(data.run("state.json")).map(LineState::page).orElse("");
    return fail(
        "A line is running already in "
            + data.root()
            + (page.isEmpty() ? "" : " (page " + page + ")")
            + ". See it with "
            + Line.command("status", data)
            + ", stop it with "
            + Line.command("down", data)
            + ".");
  }

  private int busy(int page) {
    OptionalInt next = Ports.freeAbove(page);
    return fail(
        "Port "
            + page
            + " on 127.0.0.1 is in use by another program. Pass a free one"
            + (next.isPresent() ? ", for example: --port " + next.getAsInt() : " with --port N"));
  }

  private boolean wants(String part) {
    return only.isEmpty() || only.contains(part);
  }

  private static int fail(String sentence) {
    System.err.println("patina: " + sentence);
    return 1;
  }
}
