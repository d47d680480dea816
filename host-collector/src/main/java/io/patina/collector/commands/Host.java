package io.patina.collector.commands;

import io.patina.collector.capture.Capture;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.syscalls.Errno;
import io.patina.facts.Escaped;
import io.patina.manifest.Manifest;
import io.patina.scope.DefaultScope;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands share: opening the root, reading the scope, observing with progress. */
final class Host {
  private Host() {}

  /** Where a command writes its answer. */
  static PrintWriter out(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls a command");
    }
    return spec.commandLine().getOut();
  }

  static RootDirectory open(String path) throws Failure {
    return switch (RootDirectory.open(path)) {
      case RootDirectory.Opening.Ready ready -> ready.root();
      case RootDirectory.Opening.Refused refused ->
          throw new Failure(
              "the root "
                  + Escaped.text(path)
                  + " cannot be opened ("
                  + Errno.name(refused.errno())
                  + "); give a directory with --root");
    };
  }

  /** Removes what a command made for itself. */
  static void clear(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  static Scope scope(@Nullable Path file) throws Failure {
    if (file == null) {
      return DefaultScope.get();
    }
    try {
      return ScopeFile.parse(Files.readString(file));
    } catch (InvalidScopeException e) {
      throw new Failure("the scope " + Escaped.text(file.toString()) + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Failure(
          "the scope " + Escaped.text(file.toString()) + " cannot be read: " + e.getMessage(), e);
    }
  }

  static Manifest observe(RootDirectory root, Scope scope, WalkProgress progress) {
    int cores = Runtime.getRuntime().availableProcessors();
    Capture capture = new Capture(root, scope, KnownVersions.NONE, cores, progress);
    ProgressLine line = ProgressLine.start(progress);
    try {
      return capture.run();
    } finally {
      line.close();
    }
  }
}
