package io.patina.collector.baseline;

import io.patina.policy.InvalidPolicyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to answer (default: text).")
  private Answer.Form form = Answer.Form.TEXT;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws BaselineFailure, IOException {
    Map<Path, Optional<InvalidPolicyException>> mistakes = new LinkedHashMap<>();
    for (Path file : files) {
      String text = BaselineFiles.text(file);
      try {
        var unused = PolicyFiles.compile(text);
        mistakes.put(file, Optional.empty());
      } catch (InvalidPolicyException e) {
        mistakes.put(file, Optional.of(e));
      }
    }
    Answer answer = Answer.to(spec);
    switch (form) {
      case JSON ->
          answer.json(
              json -> {
                json.writeArrayFieldStart("files");
                for (Map.Entry<Path, Optional<InvalidPolicyException>> m : mistakes.entrySet()) {
                  json.writeStartObject();
                  json.writeStringField("file", m.getKey().toString());
                  json.writeBooleanField("valid", m.getValue().isEmpty());
                  if (m.getValue().isPresent()) {
                    PolicyMistakeJson.write(json, m.getValue().get());
                  }
                  json.writeEndObject();
                }
                json.writeEndArray();
              });
      case TEXT ->
          mistakes.forEach(
              (file, mistake) ->
                  answer.line(
                      file + ": " + mistake.map(Exception::getMessage).orElse("no mistake")));
    }
    answer.flush();
    return mistakes.values().stream().allMatch(Optional::isEmpty) ? 0 : 1;
  }
}
