package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A step in the life of a baseline, asked of the engine. */
@Command(
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the engine refuses, and says why", "2:it could not be asked"})
abstract class StepCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "Of the baseline.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "VERSION", description = "Of the baseline.")
  private String version = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why, for the audit history.")
  private String reason = "";

  @Mixin private Engine engine = new Engine();

  @Mixin private Answer answer = new Answer.ByFormat();

  private final String step;

  /**
   * @param step the last part of its address in the API
   */
  StepCommand(String step) {
    this.step = step;
  }

  /** What belongs to the step besides its reason. */
  void more(ObjectNode body) {}

  /** What it came to, for people. */
  List<String> told(String baseline, JsonNode said) {
    return List.of(baseline + " is " + said.path("state").asText() + " now");
  }

  @Override
  public Integer call() throws BaselineFailure, IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
    more(body);
    Engine.Reply reply =
        engine.post(
            "api/v1/baselines/" + Engine.encoded(name) + "/" + Engine.encoded(version) + "/" + step,
            body);
    JsonNode said = reply.body();
    answer.give(
        said,
        () -> {
          if (reply.succeeded()) {
            told(name + " " + version, said).forEach(answer::line);
          } else {
            answer.line("refused: " + reply.problem());
          }
        });
    return reply.succeeded() ? 0 : 1;
  }

  /** {@code baseline approve}. */
  @Command(name = "approve", description = "Approves a draft that somebody else wrote.")
  static final class Approve extends StepCommand {
    @Option(
        names = "--precedence",
        paramLabel = "N",
        description =
            "Which goes first where several select a host; the selector's own if not given.")
    private @Nullable Integer precedence;

    Approve() {
      super("approval");
    }

    @Override
    void more(ObjectNode body) {
      if (precedence != null) {
        body.put("precedence", precedence);
      }
    }
  }

  /** {@code baseline activate}. */
  @Command(
      name = "activate",
      description = "Holds all hosts that it selects against an approved or superseded baseline.")
  static final class Activate extends StepCommand {
    Activate() {
      super("activation");
    }
  }

  /** {@code baseline retire}. */
  @Command(name = "retire", description = "Withdraws a baseline for good.")
  static final class Retire extends StepCommand {
    Retire() {
      super("retirement");
    }
  }
}
