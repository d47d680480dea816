package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The first mistake of each file that was looked at. */
final class LintReport {
  private final Map<Path, Optional<Mistake>> files = new LinkedHashMap<>();

  /**
   * What is wrong with a file.
   *
   * @param more further fields of its JSON object
   */
  record Mistake(String message, Answer.Fields more) {}

  static Optional<Mistake> mistake(String message) {
    return Optional.of(new Mistake(message, json -> {}));
  }

  void add(Path file, Optional<Mistake> mistake) {
    files.put(file, mistake);
  }

  /** Answers, and says how the command ends. */
  int give(Answer answer) throws IOException {
    answer.give(
        json -> {
          json.writeArrayFieldStart("files");
          for (Map.Entry<Path, Optional<Mistake>> f : files.entrySet()) {
            json.writeStartObject();
            json.writeStringField("file", f.getKey().toString());
            json.writeBooleanField("valid", f.getValue().isEmpty());
            if (f.getValue().isPresent()) {
              json.writeStringField("mistake", f.getValue().get().message());
              f.getValue().get().more().write(json);
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        },
        () ->
            files.forEach(
                (file, mistake) ->
                    answer.line(file + ": " + mistake.map(Mistake::message).orElse("no mistake"))));
    return files.values().stream().allMatch(Optional::isEmpty) ? 0 : 1;
  }
}
