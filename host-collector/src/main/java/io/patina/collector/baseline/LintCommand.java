package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.expectations.ExpectationsFile;
import io.patina.expectations.Extending;
import io.patina.expectations.InvalidExpectationsException;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.ScopeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline lint}: names the first mistake of each file. */
@Command(
    name = "lint",
    description =
        "Checks files of scopes and expectations (YAML); names line, column and what to write.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no mistake", "1:a mistake", "2:something could not be read"})
final class LintCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of scopes or expectations.")
  private List<Path> files = List.of();

  @Option(
      names = "--library",
      paramLabel = "DIR",
      description = "Where to look for what is extended by name; several may be given.")
  private List<Path> library = List.of();

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    LintReport report = new LintReport();
    for (Path file : files) {
      report.add(file, mistake(file));
    }
    return report.give(answer);
  }

  /** The first mistake, if there is one. What a file extends is looked at, too. */
  private Optional<LintReport.Mistake> mistake(Path file) throws CommandFailure {
    String text = BaselineFiles.text(file);
    try {
      if (ExpectationsFile.isMeant(text)) {
        var own = ExpectationsFile.parse(text);
        if (!own.bases().isEmpty()) {
          var unused = Extending.read(file, library);
        }
      } else {
        var unused = ScopeFile.parse(text);
      }
      return Optional.empty();
    } catch (InvalidScopeException e) {
      return LintReport.mistake(String.valueOf(e.getMessage()));
    } catch (InvalidExpectationsException e) {
      String said = String.valueOf(e.getMessage());
      String name = BaselineFiles.shown(file) + ": ";
      return LintReport.mistake(said.startsWith(name) ? said.substring(name.length()) : said);
    } catch (IOException e) {
      throw BaselineFiles.unreadable(file, e);
    }
  }
}
