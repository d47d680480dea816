package io.patina.stack.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.patina.stack.latency.LiveMeasurement;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measurements on a running line. */
@Command(
    name = "bench",
    description = "Measures a running line.",
    subcommands = {BenchCommand.Live.class, FleetBenchCommand.class},
    mixinStandardHelpOptions = true)
final class BenchCommand {

  /** From a change on disk to what people and machines see of it. */
  @Command(
      name = "live",
      description = {
        "Makes a file appear and vanish, and prints how long it takes until the",
        "API shows the deviation opened or closed, the open page of the host does,",
        "and its event can be consumed.",
        "Needs a line that is up, and the right to write into the directory."
      },
      mixinStandardHelpOptions = true)
  static final class Live implements Callable<Integer> {

    @Mixin private Line.Where where = new Line.Where();

    @Option(names = "--changes", paramLabel = "N", description = "How many (default: 100).")
    private int changes = 100;

    @Option(
        names = "--directory",
        paramLabel = "DIR",
        description = {
          "Where the file appears: a directory in scope in which every file",
          "should belong to a package (default: /usr/local/etc, else /etc)."
        })
    private @Nullable Path directory;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text.")
    private String format = "text";

    @Override
    public Integer call() throws IOException, InterruptedException {
      DataDirectory data = where.directory();
      Optional<LineState> state =
          LineState.read(data.run("state.json")).filter(s -> s.phase() == LineState.Phase.RUNNING);
      if (state.isEmpty()) {
        return fail(
            "No line is up in "
                + data.root()
                + "; start it with "
                + Line.command("up --detach", data));
      }
      if (changes < 2) {
        return fail("--changes takes at least 2.");
      }
      Path here = directory == null ? usual() : directory;
      if (!Files.isDirectory(here) || !Files.isWritable(here)) {
        return fail(
            here + " is no directory that you may write into; pass another with --directory.");
      }
      URI page = URI.create(state.get().page());
      Optional<String> host = host(page);
      if (host.isEmpty()) {
        return fail("The line knows no host yet.");
      }
      Optional<Ports> ports = Ports.read(data.run("ports"));
      if (ports.isEmpty()) {
        return fail(data.run("ports") + " is missing.");
      }
      try (LiveMeasurement measurement =
          new LiveMeasurement(page, "127.0.0.1:" + ports.get().broker(), host.get())) {
        Path file =
            here.toAbsolutePath().resolve("patina-bench-live-" + ProcessHandle.current().pid());
        print(measurement.run(file, file.toString(), changes));
      }
      return 0;
    }

    private void print(LiveMeasurement.Times times) throws IOException {
      if (format.equals("json")) {
        System.out.println(new JsonMapper().writeValueAsString(times));
        return;
      }
      System.out.println("change on disk -> deviation open in the API    " + times.opened());
      System.out.println("change on disk -> deviation closed in the API  " + times.closed());
      System.out.println("change on disk -> shown on the open page        " + times.page());
      System.out.println("change on disk -> its event on the topic       " + times.event());
    }

    private static Path usual() {
      Path local = Path.of("/usr/local/etc");
      return Files.isWritable(local) ? local : Path.of("/etc");
    }

    private static Optional<String> host(URI page) throws IOException {
      HttpProbe.Answer answer = HttpProbe.get(page.resolve("api/v1/hosts"));
      for (JsonNode host : new JsonMapper().readTree(answer.body()).path("items")) {
        return Optional.of(host.path("id").asText());
      }
      return Optional.empty();
    }

    private static int fail(String sentence) {
      System.err.println("patina: " + sentence);
      return 1;
    }
  }
}
