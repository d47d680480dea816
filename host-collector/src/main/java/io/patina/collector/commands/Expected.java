package io.patina.collector.commands;

import io.patina.collector.asking.CommandFailure;
import io.patina.collector.baseline.BesideManifest;
import io.patina.comparison.Expectation;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code check} is told to expect beside a manifest. */
final class Expected {
  @Mixin private BesideManifest beside = new BesideManifest();

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "A label of this host that expectations refer to; several may be given.")
  private Map<String, String> labels = Map.of();

  List<Expectation> expectations() throws CommandFailure {
    return beside.expectations();
  }

  Map<String, String> labels() {
    return labels;
  }
}
