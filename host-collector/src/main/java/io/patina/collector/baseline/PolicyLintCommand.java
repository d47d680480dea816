package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.policy.InvalidPolicyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code policy lint}: names the first mistake of each policy. */
@Command(
    name = "lint",
    description =
        "Checks policies (YAML with CEL) and names line, column and what to write instead.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no mistake", "1:a mistake", "2:something could not be read"})
final class PolicyLintCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Policies.")
  private List<Path> files = List.of();

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    LintReport report = new LintReport();
    for (Path file : files) {
      String text = BaselineFiles.text(file);
      try {
        var unused = PolicyFiles.compile(text);
        report.add(file, Optional.empty());
      } catch (InvalidPolicyException e) {
        report.add(
            file,
            Optional.of(
                new LintReport.Mistake(
                    String.valueOf(e.getMessage()), json -> PolicyMistakeJson.place(json, e))));
      }
    }
    return report.give(answer);
  }
}
