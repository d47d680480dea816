package io.patina.collector.commands;

import io.patina.collector.baseline.BaselineFailure;
import io.patina.collector.baseline.BaselineFiles;
import io.patina.comparison.Expectation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code check} is told to expect beside a manifest. */
final class Expected {
  @Option(
      names = "--expectations",
      paramLabel = "FILE",
      description = "With a manifest file: what is expected beside it (YAML).")
  private @Nullable Path file;

  @Option(
      names = "--library",
      paramLabel = "DIR",
      description = "Where to look for what the expectations extend by name; several may be given.")
  private List<Path> library = List.of();

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "A label of this host that expectations refer to; several may be given.")
  private Map<String, String> labels = Map.of();

  List<Expectation> expectations() throws BaselineFailure {
    return file == null ? List.of() : BaselineFiles.expectations(file, library);
  }

  Map<String, String> labels() {
    return labels;
  }
}
