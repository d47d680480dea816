package io.patina.collector.baseline;

import com.fasterxml.jackson.core.JsonGenerator;
import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.facts.Escaped;
import io.patina.policy.CaseRun;
import io.patina.policy.InvalidPolicyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code policy test}: runs the cases of a policy. */
@Command(
    name = "test",
    description =
        "Runs the cases that a policy brings: these deviations, that severity and verdict.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every case holds",
      "1:a case does not hold, or the policy has a mistake or no case",
      "2:something could not be read"
    })
final class PolicyTestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The policy.")
  private Path file = Path.of("");

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    String text = BaselineFiles.text(file);
    List<CaseRun> runs;
    try {
      runs = CaseRun.all(PolicyFiles.compile(text));
    } catch (InvalidPolicyException e) {
      return mistaken(e);
    }
    long wrong = runs.stream().filter(r -> !r.wrong().isEmpty()).count();
    answer.give(
        json -> {
          json.writeStringField("file", file.toString());
          json.writeBooleanField("valid", true);
          json.writeNumberField("passed", runs.size() - wrong);
          json.writeNumberField("failed", wrong);
          json.writeArrayFieldStart("cases");
          for (CaseRun run : runs) {
            write(json, run);
          }
          json.writeEndArray();
        },
        () -> {
          for (CaseRun run : runs) {
            if (!run.wrong().isEmpty()) {
              answer.line(file + ": " + run.theCase().place() + ": " + name(run));
              run.wrong().forEach(w -> answer.line("  " + Escaped.text(w)));
            }
          }
          answer.line(
              runs.isEmpty()
                  ? file + ": no cases; add some under \"cases\""
                  : file + ": " + (runs.size() - wrong) + " passed, " + wrong + " failed");
        });
    return runs.isEmpty() || wrong > 0 ? 1 : 0;
  }

  private static String name(CaseRun run) {
    return Escaped.text(run.theCase().name());
  }

  private static void write(JsonGenerator json, CaseRun run) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", run.theCase().name());
    json.writeNumberField("line", run.theCase().place().line());
    json.writeBooleanField("passed", run.wrong().isEmpty());
    json.writeArrayFieldStart("wrong");
    for (String w : run.wrong()) {
      json.writeString(w);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private int mistaken(InvalidPolicyException e) throws IOException {
    answer.give(
        json -> {
          json.writeStringField("file", file.toString());
          json.writeBooleanField("valid", false);
          PolicyMistakeJson.write(json, e);
        },
        () -> answer.line(file + ": " + e.getMessage()));
    return 1;
  }
}
