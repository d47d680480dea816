package io.patina.collector.commands;

import io.patina.collector.asking.CommandFailure;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.inventory.Unreadable;
import io.patina.collector.packages.PackageDatabases;
import io.patina.collector.shipped.AsShipped;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.collector.syscalls.Terminal;
import io.patina.comparison.Comparer;
import io.patina.comparison.Expectation;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check}: compares a system with what it should be. */
@Command(
    name = "check",
    description = "Compares this system with what its packages shipped, or with a manifest.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing differs",
      "1:something differs",
      "2:nothing differs, but not everything expected could be observed"
    })
final class CheckCommand implements Callable<Integer> {
  private static final String AS_SHIPPED = "as-shipped";

  /** How the answer is written. */
  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "/",
      description = "Root of the system to check (default: /).")
  private String root = "/";

  @Option(
      names = "--against",
      paramLabel = "FILE|as-shipped",
      defaultValue = AS_SHIPPED,
      description = "A manifest file, or what the package database says (default: as-shipped).")
  private String against = AS_SHIPPED;

  @Option(
      names = "--scope",
      paramLabel = "FILE",
      description = "What to observe (YAML); without it the default for a general Linux host.")
  private @Nullable Path scopeFile;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to write the answer (default: text).")
  private Format format = Format.TEXT;

  @Option(
      names = "--stated-only",
      description = "With a manifest file: what it does not name is not unexpected.")
  private boolean statedOnly;

  @Mixin private Expected expected = new Expected();

  @Mixin private Signed signed = new Signed();

  @Option(names = "--all", description = "Cut no list short.")
  private boolean everything;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Failure, CommandFailure, IOException {
    long started = System.nanoTime();
    if (signed.isRequired() && against.equals(AS_SHIPPED)) {
      throw new Failure(
          "what the package database says is unsigned; give a manifest with --against");
    }
    boolean isRoot = new SystemCalls().effectiveUser() == 0;
    CheckReport report;
    try (RootDirectory opened = Host.open(root)) {
      Scope scope = Host.scope(scopeFile);
      report =
          against.equals(AS_SHIPPED)
              ? asShipped(opened, scope)
              : manifest(opened, scope, Path.of(against));
    }
    PrintWriter out = Host.out(spec);
    switch (format) {
      case JSON -> CheckJson.write(report, out);
      case TEXT -> {
        boolean colour = Terminal.is(Terminal.OUTPUT) && !System.getenv().containsKey("NO_COLOR");
        double seconds = (System.nanoTime() - started) / 1e9;
        new CheckText(out, new Paint(colour), everything).show(report, seconds, isRoot);
      }
    }
    out.flush();
    return report.exitCode(isRoot);
  }

  private static CheckReport asShipped(RootDirectory root, Scope scope) throws Failure {
    RootFiles files = new RootFiles(root);
    boolean dpkg =
        PackageDatabases.in(files).databases().stream().anyMatch(d -> d.manager().equals("dpkg"));
    // dpkg records MD5 only; it is made in the same read.
    Scope read = dpkg ? scope.withAttribute(Attributes.MD5) : scope;
    Manifest observed = Host.observe(root, read, new WalkProgress());
    AsShipped shipped = AsShipped.of(files, observed, read);
    List<String> notes = new ArrayList<>();
    for (Unreadable u : shipped.unreadable()) {
      notes.add(Escaped.text(u.source()) + ": " + Escaped.text(u.detail()));
    }
    if (shipped.exhaustive().isEmpty()) {
      // A root that is not mounted yet, or mistyped, is not as its baseline says: there is none.
      notes.addFirst(
          "no package database was found in "
              + Escaped.text(root.path())
              + ", so nothing is known of what was shipped; give another --root, or a manifest"
              + " with --against");
      throw new Failure(String.join("; ", notes));
    }
    return CheckReport.of(observed, shipped.manifest(), shipped.comparer(), AS_SHIPPED, notes);
  }

  private CheckReport manifest(RootDirectory root, Scope scope, Path file)
      throws Failure, CommandFailure {
    Signed.Reference reference = signed.read(file);
    Manifest stated = reference.manifest();
    List<Expectation> expectations = new ArrayList<>(expected.expectations());
    if (reference.baseline().isPresent() && !expectations.isEmpty()) {
      throw new Failure("a signed baseline has its own expectations; leave --expectations away");
    }
    expectations.addAll(reference.expectations());
    List<String> notes = new ArrayList<>();
    if (!stated.scope().equals(scope.digest())) {
      notes.add("the manifest was made under another scope; only what both observe is compared");
    }
    List<Digest> permitted = reference.baseline().map(GoldenBaseline::scopes).orElse(List.of());
    if (!permitted.isEmpty() && !permitted.contains(scope.digest())) {
      notes.add("the baseline is meant for hosts observed under another scope; give its --scope");
    }
    Manifest observed = Host.observe(root, scope, new WalkProgress());
    Set<String> facets = new TreeSet<>();
    stated.forEach(e -> facets.add(e.key().facet()));
    // An Ignition configuration or a policy names a few files of a host that has more.
    List<Expectation.Keys> exhaustive =
        statedOnly
            ? List.of()
            : reference.baseline().isPresent()
                ? reference.baseline().get().exhaustive()
                : facets.stream().map(f -> new Expectation.Keys(f, Glob.of("**"))).toList();
    Iterable<Entry> applicable = () -> new Applicable(stated.iterator(), scope, root.isLive());
    return CheckReport.of(
        observed,
        applicable,
        new Comparer(expectations, exhaustive)
            .labelled(expected.labels())
            .observing(key -> Applicable.observes(scope, root.isLive(), key)),
        reference.title(),
        notes);
  }

  /** Facets that only a running system has. */
  static boolean needsLive(String facet) {
    return facet.equals(Facet.KERNEL.wireName()) || facet.equals(Facet.MOUNT.wireName());
  }
}
