package io.patina.collector.commands;

import com.google.protobuf.ByteString;
import io.patina.collector.bench.Aide;
import io.patina.collector.bench.Contestant;
import io.patina.collector.bench.Floor;
import io.patina.collector.bench.Measurement;
import io.patina.collector.bench.Race;
import io.patina.collector.bench.ResultLine;
import io.patina.collector.bench.Shell;
import io.patina.collector.files.DirectoryVisitor;
import io.patina.collector.files.Harvest;
import io.patina.collector.files.Pace;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.reports.HostState;
import io.patina.collector.scanning.Difference;
import io.patina.collector.scanning.VersionTable;
import io.patina.facts.Escaped;
import io.patina.manifest.ManifestBuilder;
import io.patina.packing.Scratch;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench rescan}: a scan of what has not changed, as a running collector does it. */
@Command(
    name = "rescan",
    description = {
      "Scans a tree that has not changed, in this process, as a running collector does every few"
          + " minutes; beside a C program that only calls stat, and aide --check where installed.",
      "Prints a table and one JSON line per tool."
    },
    mixinStandardHelpOptions = true)
final class RescanBenchCommand implements Callable<Integer> {
  private static final ByteString TOP = ByteString.copyFromUtf8("/");

  /** A collector that has run for an hour has made some; the compiler has seen the code. */
  private static final int WARM = 10;

  @Option(
      names = "--tree",
      paramLabel = "DIR",
      defaultValue = "/usr",
      description = "The tree (default: /usr).")
  private Path tree = Path.of("/usr");

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds; the median counts (default: 3).")
  private int rounds = 3;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    if (!Files.isDirectory(tree) || rounds < 1) {
      throw new Failure(Escaped.text(tree.toString()) + " is no directory, or --rounds is below 1");
    }
    Path real = tree.toRealPath();
    Path work = Files.createTempDirectory("patina-bench");
    PrintWriter out = Host.out(spec);
    try {
      List<Contestant> peers = new ArrayList<>();
      Optional<Floor> floor = Floor.build(work);
      floor.ifPresent(f -> peers.add(f.stat(Shell.quoted(real))));
      aide(real, work).ifPresent(peers::add);
      List<Measurement> measured = new ArrayList<>();
      measured.add(rescans(real, work));
      measured.addAll(new Race(peers, "true", rounds).run(line -> {}));
      out.printf(Locale.ROOT, "%-22s %8s %8s%n", "", "wall s", "CPU s");
      for (Measurement m : measured) {
        out.printf(
            Locale.ROOT,
            "%-22s %8.3f %8.3f  %s%n",
            m.contestant().name(),
            Measurement.median(m.wall()),
            Measurement.median(m.cpu()),
            m.contestant().note());
      }
      out.println();
      for (Measurement m : measured) {
        out.println(
            new ResultLine("rescan", m.contestant().name())
                .text("tree", real.toString())
                .times(m)
                .end());
      }
      out.flush();
      return 0;
    } finally {
      Host.clear(work);
    }
  }

  private Measurement rescans(Path real, Path work) throws Failure, IOException {
    RootDirectory root =
        switch (RootDirectory.open(real.toString())) {
          case RootDirectory.Opening.Ready ready -> ready.root();
          case RootDirectory.Opening.Refused refused ->
              throw new Failure(real + " cannot be opened (errno " + refused.errno() + ")");
        };
    try (root) {
      Scope scope = scope();
      VersionTable versions = new VersionTable(Clock.systemUTC(), (path, stat) -> {}, 1);
      TreeWalk walk = new TreeWalk(root, scope, MountTable.EMPTY, versions, 1, new WalkProgress());
      ManifestBuilder first = ManifestBuilder.packed(scope.digest(), Scratch.in(work));
      Harvest.Basket basket = new Harvest.Basket(Scratch.in(work));
      walk.walk(TOP, DirectoryVisitor.NONE, () -> basket, Pace.FULL);
      Harvest.of(List.of(basket)).drainTo(first::add);
      HostState state = new HostState(first.build());
      List<Double> wall = new ArrayList<>();
      List<Double> cpu = new ArrayList<>();
      for (int i = 0; i < WARM + rounds; i++) {
        long start = System.nanoTime();
        long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int[] differs = new int[1];
        Difference difference =
            new Difference(state, versions::confirm, 0, seen -> differs[0] += seen.size());
        walk.walk(TOP, DirectoryVisitor.NONE, () -> difference, Pace.FULL);
        difference.end(TOP);
        if (differs[0] > 0) {
          throw new Failure(real + " changes while it is measured; take another --tree");
        }
        if (i >= WARM) {
          wall.add((System.nanoTime() - start) / 1e9);
          cpu.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - used) / 1e9);
        }
      }
      return new Measurement(
          new Contestant("patina", "in this process", state.size() + " facts, warmed up"),
          wall,
          cpu,
          false);
    }
  }

  private static Scope scope() {
    try {
      return ScopeFile.parse(
          """
          name: bench
          facets: [file]
          include:
            - '/**'
          attributes:
            - glob: /**
              names: [type, mode, uid, gid, size, sha256, target]
          """);
    } catch (InvalidScopeException e) {
      throw new IllegalStateException("a scope that was written here is wrong", e);
    }
  }

  private Optional<Contestant> aide(Path real, Path work) throws IOException, InterruptedException {
    if (!Shell.installed("aide")) {
      return Optional.empty();
    }
    Aide aide = Aide.configured(work, real);
    int made =
        new ProcessBuilder(aide.init())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    return made == 0 ? Optional.of(aide.checkContestant()) : Optional.empty();
  }
}
