package io.patina.collector.baseline;

import io.patina.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to answer (default: text).")
  private Answer.Form form = Answer.Form.TEXT;

  @Option(names = "--all", description = "Cut no list short.")
  private boolean everything;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws BaselineFailure, IOException {
    Manifest a = BaselineFiles.manifest(before);
    Manifest b = BaselineFiles.manifest(after);
    Answer answer = Answer.to(spec);
    long differences =
        switch (form) {
          case JSON -> DiffJson.write(a, b, answer);
          case TEXT -> new DiffText(everything).write(a, b, answer);
        };
    answer.flush();
    return differences == 0 ? 0 : 1;
  }
}
