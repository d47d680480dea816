package io.patina.collector.baseline;

import io.patina.collector.asking.CommandFailure;
import io.patina.comparison.Expectation;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is expected beside a manifest; a mixin of the commands that take both. */
public final class BesideManifest {
  @Option(
      names = "--expectations",
      paramLabel = "FILE",
      description = "What is expected beside the manifest (YAML).")
  private @Nullable Path file;

  @Option(
      names = "--library",
      paramLabel = "DIR",
      description = "Where to look for what the expectations extend by name; several may be given.")
  private List<Path> library = List.of();

  /** The expectations; none if no file was given. */
  public List<Expectation> expectations() throws CommandFailure {
    return file == null ? List.of() : BaselineFiles.expectations(file, library);
  }
}
