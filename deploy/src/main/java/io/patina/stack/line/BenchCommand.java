package io.patina.stack.line;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the line that runs; {@code live} is what there is. */
@Command(
    name = "bench",
    description = "Measures a running line.",
    subcommands = BenchCommand.Live.class,
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    System.err.println("usage: ./patina bench live [--help]");
    return 2;
  }

  /** How long a change on disk takes until the engine shows it. */
  @Command(
      name = "live",
      description = {
        "Makes and removes a file again and again and measures how long it takes until the API",
        "shows the deviation open and closed, and until the event is on patina.drift-events.v1.",
        "The line has to run (./patina up --detach); the file is removed in any case."
      },
      mixinStandardHelpOptions = true)
  static final class Live implements Callable<Integer> {
    @Mixin private Line.Where where = new Line.Where();

    @Option(
        names = "--changes",
        paramLabel = "N",
        defaultValue = "100",
        description = "How many changes, half of them back again (100).")
    private int changes;

    @Option(
        names = "--directory",
        paramLabel = "DIR",
        defaultValue = "/usr/bin",
        description = "Where the file is made; a new file there has to be a deviation (/usr/bin).")
    private @Nullable Path directory;

    @Option(names = "--json", paramLabel = "FILE", description = "Also append one JSON line here.")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
      DataDirectory data = where.directory();
      Optional<LineState> state = LineState.read(data.run("state.json"));
      if (state.isEmpty() || state.get().phase() != LineState.Phase.RUNNING) {
        System.err.println(
            "patina: no line runs in "
                + data.root()
                + "; start it with "
                + Line.command("up --detach", data));
        return 1;
      }
      Path place = directory == null ? Path.of("/usr/bin") : directory.toAbsolutePath();
      if (!Files.isWritable(place)) {
        System.err.println(
            "patina: " + place + " cannot be written; run as root or pass --directory.");
        return 1;
      }
      Properties ports = new Properties();
      try (var reader = Files.newBufferedReader(data.run("ports"))) {
        ports.load(reader);
      }
      List<LiveBench.Series> series;
      try (LiveBench bench =
          new LiveBench(
              URI.create(state.get().page()), "127.0.0.1:" + ports.getProperty("broker"))) {
        series = bench.run(place, changes);
      }
      print(series);
      if (json != null) {
        try (Writer writer =
            Files.newBufferedWriter(json, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
          writer.write(LiveBench.json(series) + "\n");
        }
      }
      return 0;
    }

    private static void print(List<LiveBench.Series> all) {
      System.out.printf(
          Locale.ROOT,
          "%-42s %5s %9s %9s %9s %9s%n",
          "change on disk until",
          "n",
          "p50 ms",
          "p90 ms",
          "p99 ms",
          "max ms");
      for (LiveBench.Series series : all) {
        if (series.millis().isEmpty()) {
          System.out.printf(Locale.ROOT, "%-42s %5d%n", series.name(), 0);
          continue;
        }
        System.out.printf(
            Locale.ROOT,
            "%-42s %5d %9.1f %9.1f %9.1f %9.1f%n",
            series.name(),
            series.millis().size(),
            series.quantile(0.5),
            series.quantile(0.9),
            series.quantile(0.99),
            series.quantile(1));
      }
    }
  }
}
