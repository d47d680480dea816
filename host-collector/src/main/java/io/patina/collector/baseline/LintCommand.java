package io.patina.collector.baseline;

import io.patina.expectations.ExpectationsFile;
import io.patina.expectations.Extending;
import io.patina.expectations.InvalidExpectationsException;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.ScopeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to answer (default: text).")
  private Answer.Form form = Answer.Form.TEXT;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws BaselineFailure, IOException {
    Map<Path, String> mistakes = new LinkedHashMap<>();
    for (Path file : files) {
      mistakes.put(file, mistake(file));
    }
    Answer answer = Answer.to(spec);
    switch (form) {
      case JSON ->
          answer.json(
              json -> {
                json.writeArrayFieldStart("files");
                for (Map.Entry<Path, String> m : mistakes.entrySet()) {
                  json.writeStartObject();
                  json.writeStringField("file", m.getKey().toString());
                  json.writeBooleanField("valid", m.getValue().isEmpty());
                  if (!m.getValue().isEmpty()) {
                    json.writeStringField("mistake", m.getValue());
                  }
                  json.writeEndObject();
                }
                json.writeEndArray();
              });
      case TEXT ->
          mistakes.forEach(
              (file, mistake) ->
                  answer.line(file + ": " + (mistake.isEmpty() ? "no mistake" : mistake)));
    }
    answer.flush();
    return mistakes.values().stream().allMatch(String::isEmpty) ? 0 : 1;
  }

  /** The first mistake, or nothing. What a file extends is looked at, too. */
  private String mistake(Path file) throws BaselineFailure {
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
      return "";
    } catch (InvalidScopeException e) {
      return String.valueOf(e.getMessage());
    } catch (InvalidExpectationsException e) {
      String said = String.valueOf(e.getMessage());
      String name = BaselineFiles.shown(file) + ": ";
      return said.startsWith(name) ? said.substring(name.length()) : said;
    } catch (IOException e) {
      throw BaselineFiles.unreadable(file, e);
    }
  }
}
