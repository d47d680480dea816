package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline diff}: what a new manifest changes against an old one. */
@Command(
    name = "diff",
    description = "Shows what B changes against A, by facet and package, for a reviewer.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing differs", "1:something differs", "2:a file could not be read"})
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "The old manifest.")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "The new manifest.")
  private Path after = Path.of("");

  @Mixin private Answer answer = new Answer.ByFormat();

  @Option(names = "--all", description = "Cut no list short.")
  private boolean everything;

  @Override
  public Integer call() throws CommandFailure, IOException {
    Manifest a = BaselineFiles.manifest(before);
    Manifest b = BaselineFiles.manifest(after);
    AtomicLong differences = new AtomicLong();
    answer.give(
        json -> differences.set(DiffJson.write(a, b, json)),
        () -> differences.set(new DiffText(everything).write(a, b, answer)));
    return differences.get() == 0 ? 0 : 1;
  }
}
