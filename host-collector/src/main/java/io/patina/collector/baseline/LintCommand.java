package io.patina.collector.baseline;

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

/** {@code baseline lint}: names the first mistake of each scope file. */
@Command(
    name = "lint",
    description = "Checks scope files (YAML) and names line, column and what to write instead.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no mistake", "1:a mistake", "2:something could not be read"})
final class LintCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Scope files.")
  private List<Path> files = List.of();

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
      try {
        var unused = ScopeFile.parse(BaselineFiles.text(file));
        mistakes.put(file, "");
      } catch (InvalidScopeException e) {
        mistakes.put(file, String.valueOf(e.getMessage()));
      }
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
}
