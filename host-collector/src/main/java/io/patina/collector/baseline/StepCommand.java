package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.Asking;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A step in the life of a baseline, asked of the engine. */
abstract class StepCommand extends Asking.Deciding {
  @Parameters(index = "0", paramLabel = "NAME", description = "Of the baseline.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "VERSION", description = "Of the baseline.")
  private String version = "";

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
  protected Engine.Reply ask(Engine asked) throws CommandFailure {
    ObjectNode body = body();
    more(body);
    return asked.post(
        "api/v1/baselines/" + Engine.encoded(name) + "/" + Engine.encoded(version) + "/" + step,
        body);
  }

  @Override
  protected List<String> lines(JsonNode said) {
    return told(name + " " + version, said);
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
