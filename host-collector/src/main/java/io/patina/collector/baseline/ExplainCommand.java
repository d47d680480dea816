package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code baseline explain}: which baseline applies to a host, and why none of the others. */
@Command(
    name = "explain",
    description = "Asks the engine which baseline applies to a host, and why none of the others.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:a baseline applies", "1:none does", "2:it could not be asked"})
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "HOST", description = "Its name or its id.")
  private String host = "";

  @Mixin private Engine engine = new Engine();

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    Engine.Reply reply = engine.get("api/v1/hosts/" + engine.host(host) + "/baseline");
    if (!reply.succeeded()) {
      throw new CommandFailure(reply.problem());
    }
    JsonNode said = reply.body();
    answer.give(
        said,
        () -> {
          answer.line(said.path("name").asText() + ": " + said.path("sentence").asText());
          for (JsonNode c : said.path("candidates")) {
            answer.line(
                (c.path("applies").asBoolean() ? "* " : "  ")
                    + c.path("name").asText()
                    + " "
                    + c.path("version").asText()
                    + " ("
                    + c.path("state").asText()
                    + ", precedence "
                    + c.path("precedence").asInt()
                    + "): "
                    + c.path("why").asText());
          }
          int others = said.path("forOthers").asInt();
          if (others > 0) {
            answer.line("  and " + others + " for one other installation each");
          }
        });
    return said.has("applies") ? 0 : 1;
  }
}
