package io.patina.collector.asking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks the engine one thing and answers with what it says. */
@Command(
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the engine refuses, and says why", "2:it could not be asked"})
public abstract class Asking implements Callable<Integer> {

  @Mixin private Engine engine = new Engine();

  @Mixin private Answer answer = new Answer.ByFormat();

  /** Asks. */
  protected abstract Engine.Reply ask(Engine asked) throws CommandFailure;

  /** What was said, in lines for people. */
  protected abstract List<String> lines(JsonNode said);

  @Override
  public Integer call() throws CommandFailure, IOException {
    Engine.Reply reply = ask(engine);
    answer.give(
        reply.body(),
        () -> {
          if (reply.succeeded()) {
            lines(reply.body()).forEach(answer::line);
          } else {
            answer.line("refused: " + reply.problem());
          }
        });
    return reply.succeeded() ? 0 : 1;
  }

  /** One that decides something, for a reason. */
  public abstract static class Deciding extends Asking {
    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why, for the audit history.")
    private String reason = "";

    /** What is decided, to be completed. */
    protected ObjectNode body() {
      return JsonNodeFactory.instance.objectNode().put("reason", reason);
    }
  }

  /** A line for each item. */
  protected static List<String> each(
      JsonNode said, String none, java.util.function.Function<JsonNode, String> line) {
    List<String> lines = new ArrayList<>();
    said.path("items").forEach(i -> lines.add(line.apply(i)));
    return lines.isEmpty() ? List.of(none) : lines;
  }
}
