package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code baseline stale}: where most hosts of a pool deviate in the same way. */
@Command(
    name = "stale",
    description = "Asks the engine where most hosts of a pool deviate in the same way.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nowhere", "1:somewhere", "2:it could not be asked"})
final class StaleCommand implements Callable<Integer> {
  @Option(
      names = "--share",
      paramLabel = "PERCENT",
      defaultValue = "50",
      description = "Hosts of a pool that deviate in the same way, at least (default: 50).")
  private int share = 50;

  @Mixin private Engine engine = new Engine();

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    Engine.Reply reply = engine.get("api/v1/baselines/stale?share=" + share);
    if (!reply.succeeded()) {
      throw new CommandFailure(reply.problem());
    }
    JsonNode said = reply.body();
    answer.give(
        said,
        () -> {
          if (said.isEmpty()) {
            answer.line("No " + share + " % of any pool deviate in the same way.");
          }
          for (JsonNode way : said) {
            answer.line(way.path("sentence").asText());
            List<String> such = new ArrayList<>();
            way.path("such").forEach(s -> such.add(s.asText()));
            answer.line("  " + String.join(", ", such));
          }
        });
    return said.isEmpty() ? 0 : 1;
  }
}
