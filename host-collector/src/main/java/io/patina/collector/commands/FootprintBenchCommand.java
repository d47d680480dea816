package io.patina.collector.commands;

import io.patina.collector.bench.Footprint;
import io.patina.collector.bench.ResultLine;
import io.patina.facts.Escaped;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private static final double MEGABYTE = 1e6;

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

  /** What was seen of one tool. */
  private record Seen(
      String tool, String command, Footprint atEnd, double seconds, Optional<Rest> rest) {}

  private record Rest(Footprint footprint, double cpuShare) {}

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
      List<Seen> seen = new ArrayList<>();
      seen.add(collector(program, root, work));
      aide(root, work).ifPresent(seen::add);
      print(seen);
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

  private Seen collector(Path program, Path root, Path work)
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
      return new Seen(
          "patina collect",
          String.join(" ", command),
          new Footprint(
              after.peak(), scanned.resident(), scanned.anonymous(), scanned.cpuSeconds()),
          seconds,
          Optional.of(new Rest(after, share)));
    } finally {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private Optional<Seen> aide(Path root, Path work) throws IOException, InterruptedException {
    Path config = work.resolve("aide.conf");
    Files.writeString(
        config,
        "database_out=file:"
            + work.resolve("aide.db")
            + "\ngzip_dbout=no\nlog_level=error\n"
            + root
            + " p+u+g+s+ftype+l+sha256\n");
    List<String> command = List.of("aide", "--init", "--config=" + config);
    long began = System.nanoTime();
    Process process;
    try {
      process = start(command, work.resolve("aide.log"));
    } catch (IOException e) {
      // Not installed.
      return Optional.empty();
    }
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
            new Seen("aide --init", String.join(" ", command), last, seconds, Optional.empty()))
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

  private void print(List<Seen> all) throws IOException {
    PrintWriter out = Host.out(spec);
    String form = "%-16s %8s %8s %8s %10s %10s %10s %8s%n";
    out.printf(
        Locale.ROOT,
        form,
        "",
        "s",
        "CPU s",
        "peak MB",
        "then MB",
        "private MB",
        "rest MB",
        "rest CPU");
    for (Seen s : all) {
      out.printf(
          Locale.ROOT,
          form,
          s.tool(),
          "%.1f".formatted(s.seconds()),
          "%.2f".formatted(s.atEnd().cpuSeconds()),
          megabytes(s.atEnd().peak()),
          megabytes(s.atEnd().resident()),
          megabytes(s.atEnd().anonymous()),
          s.rest().map(r -> megabytes(r.footprint().resident())).orElse("-"),
          s.rest().map(r -> "%.2f %%".formatted(r.cpuShare() * 100)).orElse("-"));
    }
    out.println();
    for (Seen s : all) {
      ResultLine line =
          new ResultLine("footprint", s.tool())
              .number("files", files)
              .seconds("seconds", s.seconds())
              .seconds("cpuSeconds", s.atEnd().cpuSeconds())
              .number("peakBytes", s.atEnd().peak())
              .number("residentBytes", s.atEnd().resident())
              .number("privateBytes", s.atEnd().anonymous());
      if (s.rest().isPresent()) {
        Rest rest = s.rest().get();
        line.number("restResidentBytes", rest.footprint().resident())
            .number("restPrivateBytes", rest.footprint().anonymous())
            .number("restCpuMicrosPerSecond", Math.round(rest.cpuShare() * 1e6));
      }
      out.println(line.text("command", s.command()).end());
    }
    out.flush();
  }

  private static String megabytes(long bytes) {
    return "%.1f".formatted(bytes / MEGABYTE);
  }
}
