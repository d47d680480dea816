package io.patina.collector.commands;

import io.patina.collector.bench.Aide;
import io.patina.collector.bench.Contestant;
import io.patina.collector.bench.Floor;
import io.patina.collector.bench.Measurement;
import io.patina.collector.bench.Race;
import io.patina.collector.bench.ResultLine;
import io.patina.collector.bench.Shell;
import io.patina.facts.Escaped;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench scan}: capture beside rpm -Va, aide, mtree and sha256sum, where installed. */
@Command(
    name = "scan",
    description = {
      "Runs capture beside rpm -Va, aide, mtree and sha256sum, those that are installed, on the"
          + " same files: each after the files were read once more, in interleaved rounds.",
      "Prints a table and one JSON line per tool."
    },
    mixinStandardHelpOptions = true)
final class ScanBenchCommand implements Callable<Integer> {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "/",
      description = "Root of the system whose files are read (default: /).")
  private Path root = Path.of("/");

  @Option(
      names = "--tree",
      paramLabel = "PATH",
      defaultValue = "/usr",
      description = "The tree below the root that is read (default: /usr).")
  private String tree = "/usr";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds; the median counts (default: 3).")
  private int rounds = 3;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "text: table and JSON lines; json: the lines alone (default: text).")
  private CheckCommand.Format format = CheckCommand.Format.TEXT;

  @Option(
      names = "--image",
      paramLabel = "DIR",
      description = "The collector that package-agent made, to run instead of this checkout's.")
  private @Nullable Path image;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Path real = root.toRealPath();
    if (!tree.startsWith("/") || tree.contains("..")) {
      throw new Failure("--tree is an absolute path inside the root, such as /usr");
    }
    Path files = real.resolve(tree.substring(1)).normalize();
    if (!Files.isDirectory(files)) {
      throw new Failure(Escaped.text(files.toString()) + " is not a directory");
    }
    if (rounds < 1) {
      throw new Failure("--rounds is 1 or more");
    }
    Path work = Files.createTempDirectory("patina-bench");
    try {
      String each = "find " + Shell.quoted(files) + " -xdev -type f -print0 | xargs -0 -n 500 ";
      PrintWriter err = spec == null ? null : spec.commandLine().getErr();
      List<Measurement> measured =
          new Race(contestants(real, files, work, each), each + "cat", rounds)
              .run(
                  line -> {
                    if (err != null) {
                      err.println(line);
                      err.flush();
                    }
                  });
      print(Host.out(spec), measured);
    } finally {
      Host.clear(work);
    }
    return 0;
  }

  private List<Contestant> contestants(Path real, Path files, Path work, String each)
      throws IOException, InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    List<Contestant> out = new ArrayList<>();
    out.add(new Contestant("patina capture", capture(real, work), cores + " threads"));
    Floor.build(work).ifPresent(f -> out.add(f.content(Shell.quoted(files))));
    if (Shell.installed("rpm")) {
      String rpm = "rpm --root " + Shell.quoted(real);
      if (succeeds(rpm + " -qa | grep -q .")) {
        out.add(new Contestant("rpm -Va", rpm + " -Va", "all packaged files, wherever they are"));
      }
    }
    if (Shell.installed("sha256sum")) {
      out.add(
          new Contestant(
              "sha256sum",
              each.replace("xargs -0", "xargs -0 -P " + cores) + "sha256sum",
              cores + " processes, content only"));
    }
    if (Shell.installed("mtree")) {
      out.add(
          new Contestant(
              "mtree -c",
              "mtree -c -x -k type,mode,uid,gid,size,link,sha256 -p " + Shell.quoted(files),
              ""));
    }
    if (Shell.installed("aide")) {
      out.add(Aide.configured(work, files).initContestant());
    }
    return out;
  }

  private String capture(Path real, Path work) throws IOException {
    Path scope = work.resolve("scope.yaml");
    Files.writeString(
        scope,
        "name: bench\nfacets: [file]\ninclude:\n  - "
            + "'"
            + (tree.equals("/") ? "" : tree.replace("'", "''"))
            + "/**'\nattributes:\n  - glob: /**\n"
            + "    names: [type, mode, uid, gid, size, sha256, target]\n");
    List<String> words = new ArrayList<>();
    words.addAll(program());
    words.addAll(List.of("capture", "--root", real.toString(), "--scope", scope.toString()));
    words.addAll(List.of("--output", work.resolve("manifest").toString()));
    return Shell.line(words);
  }

  private List<String> program() {
    if (image != null) {
      return List.of(image.resolve("bin").resolve("patina").toString());
    }
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String directives = System.getProperty("patina.one-shot");
    if (directives != null) {
      words.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", directives));
    }
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Patina.class.getName()));
    return words;
  }

  private static boolean succeeds(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("/bin/sh", "-c", command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private void print(PrintWriter out, List<Measurement> measured) throws IOException {
    if (format == CheckCommand.Format.TEXT) {
      out.printf(Locale.ROOT, "%-16s %10s %10s  %s%n", "", "wall s", "CPU s", "");
      for (Measurement m : measured) {
        String note = m.failed() ? "did not run" : m.contestant().note();
        out.printf(
            Locale.ROOT,
            "%-16s %10.2f %10.2f  %s%n",
            m.contestant().name(),
            Measurement.median(m.wall()),
            Measurement.median(m.cpu()),
            note);
      }
      out.println();
    }
    for (Measurement m : measured) {
      out.println(line(m));
    }
    out.flush();
  }

  private String line(Measurement m) throws IOException {
    return new ResultLine("scan", m.contestant().name())
        .text("tree", root.resolve(tree.substring(1)).toString())
        .times(m)
        .end();
  }
}
