package io.patina.collector.commands;

import io.patina.collector.bench.Aide;
import io.patina.collector.bench.Footprint;
import io.patina.collector.bench.FootprintTable;
import io.patina.collector.bench.Shell;
import io.patina.facts.Escaped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench footprint}: what the collector takes from its start to its rest. */
@Command(
    name = "footprint",
    description = {
      "Starts the collector that package-agent made on a tree of files, with a broker that does not"
          + " answer, and watches its memory and CPU through the first scan and at rest; beside aide"
          + " --init on the same files where installed.",
      "Prints a table and one JSON line per tool."
    },
    mixinStandardHelpOptions = true)
final class FootprintBenchCommand implements Callable<Integer> {
  private static final int IN_ONE_DIRECTORY = 500;
  private static final int POLL_MILLIS = 50;

  @Option(
      names = "--image",
      paramLabel = "DIR",
      description = "The image (default: where ./patina package-agent puts it).")
  private @Nullable Path image;

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Small files to make (default: 100000).")
  private int files = 100_000;

  @Option(
      names = "--idle",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to watch it at rest (default: 60).")
  private int idle = 60;

  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description =
          "How long to wait after the first scan, until the compiler has done (default: 120).")
  private int settle = 120;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Path program = program();
    if (files < 1 || idle < 1 || settle < 0) {
      throw new Failure("--files and --idle are 1 or more, --settle is not negative");
    }
    Path work = Files.createTempDirectory("patina-bench");
    try {
      say("making " + files + " files");
      Path root = Files.createDirectory(work.resolve("root"));
      for (int i = 0; i < files; i++) {
        Path in = root.resolve("usr/lib/component-" + i / IN_ONE_DIRECTORY);
        if (i % IN_ONE_DIRECTORY == 0) {
          Files.createDirectories(in);
        }
        Files.writeString(in.resolve("some-file-of-a-component-" + i), "content " + i);
      }
      List<FootprintTable.Seen> seen = new ArrayList<>();
      seen.add(collector(program, root, work));
      aide(root, work).ifPresent(seen::add);
      FootprintTable.print(Host.out(spec), files, seen);
      return 0;
    } finally {
      Host.clear(work);
    }
  }

  private Path program() throws Failure {
    Path from =
        image == null
            ? Path.of(System.getProperty("patina.home", "."), "target/agent/patina-collector")
            : image;
    Path program = from.resolve("bin/patina");
    if (!Files.isExecutable(program)) {
      throw new Failure(
          "there is no image in "
              + Escaped.text(from.toString())
              + ": run ./patina package-agent, or give one with --image");
    }
    return program;
  }

  private FootprintTable.Seen collector(Path program, Path root, Path work)
      throws Failure, IOException, InterruptedException {
    Path config = work.resolve("collector.properties");
    Files.write(
        config,
        List.of(
            "kafka.bootstrap.servers=127.0.0.1:1",
            "state.dir=" + work.resolve("state"),
            "root=" + root,
            "metrics.port=0"));
    Path log = work.resolve("log");
    List<String> command = List.of(program.toString(), "collect", "--config", config.toString());
    say("first scan by the collector");
    long began = System.nanoTime();
    Process process = start(command, log);
    try {
      while (!Files.readString(log).contains("event=announced")) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new Failure("the collector ended: " + Escaped.text(Files.readString(log)));
        }
      }
      Footprint scanned = Footprint.of(process.pid());
      double seconds = (System.nanoTime() - began) / 1e9;
      say("settling for " + settle + " s, then at rest for " + idle + " s");
      // What a start still has to compile is not rest.
      boolean ended = process.waitFor(settle, TimeUnit.SECONDS);
      Footprint before = Footprint.of(process.pid());
      long from = System.nanoTime();
      ended |= process.waitFor(idle, TimeUnit.SECONDS);
      if (ended) {
        throw new Failure("the collector ended: " + Escaped.text(Files.readString(log)));
      }
      Footprint after = Footprint.of(process.pid());
      double share =
          (after.cpuSeconds() - before.cpuSeconds()) / ((System.nanoTime() - from) / 1e9);
      return new FootprintTable.Seen(
          "patina collect",
          String.join(" ", command),
          new Footprint(
              after.peak(), scanned.resident(), scanned.anonymous(), scanned.cpuSeconds()),
          seconds,
          Optional.of(new FootprintTable.Rest(after, share)));
    } finally {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private Optional<FootprintTable.Seen> aide(Path root, Path work)
      throws IOException, InterruptedException {
    if (!Shell.installed("aide")) {
      return Optional.empty();
    }
    List<String> command = Aide.configured(work, root).init();
    long began = System.nanoTime();
    Process process = start(command, work.resolve("aide.log"));
    say("aide --init");
    Footprint last = new Footprint(0, 0, 0, 0);
    do {
      try {
        last = Footprint.of(process.pid());
      } catch (IOException e) {
        // It has ended between two looks.
      }
    } while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS));
    double seconds = (System.nanoTime() - began) / 1e9;
    return process.exitValue() == 0
        ? Optional.of(
            new FootprintTable.Seen(
                "aide --init", String.join(" ", command), last, seconds, Optional.empty()))
        : Optional.empty();
  }

  private static Process start(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(log.toFile())
        .start();
  }

  private void say(String line) {
    if (spec != null) {
      spec.commandLine().getErr().println(line);
      spec.commandLine().getErr().flush();
    }
  }
}
