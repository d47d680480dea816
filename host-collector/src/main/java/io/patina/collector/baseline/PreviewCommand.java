package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline preview}: which verdicts would change if a baseline were active now. */
@Command(
    name = "preview",
    description = "Asks the engine which verdicts would change if a baseline were active now.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no verdict would change", "1:some would", "2:it could not be asked"})
final class PreviewCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "Of the baseline.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "VERSION", description = "Of the baseline.")
  private String version = "";

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "50",
      description = "Hosts of each pool that are examined, 1 to 500 (default: 50).")
  private int sample = 50;

  @Mixin private Engine engine = new Engine();

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws BaselineFailure, IOException {
    Engine.Reply reply =
        engine.get(
            "api/v1/baselines/"
                + Engine.encoded(name)
                + "/"
                + Engine.encoded(version)
                + "/preview?sample="
                + sample);
    if (!reply.succeeded()) {
      throw new BaselineFailure(reply.problem());
    }
    JsonNode said = reply.body();
    boolean changes = false;
    List<String> lines = new ArrayList<>();
    for (JsonNode pool : said.path("pools")) {
      lines.add(pool.path("name").asText() + ":");
      for (JsonNode c : pool.path("changes")) {
        String from = c.path("from").asText();
        String to = c.path("to").asText();
        changes |= !from.equals(to);
        lines.add(
            "  "
                + c.path("hosts").asLong()
                + (from.equals(to) ? " stay " + from : " " + from + " -> " + to)
                + ", such as "
                + c.path("examples").path(0).path("name").asText());
      }
      if (pool.path("behind").asLong() > 0) {
        lines.add("  " + pool.path("behind").asLong() + " have another baseline that goes first");
      }
    }
    answer.give(
        said,
        () -> {
          answer.line(
              name
                  + " "
                  + version
                  + " selects "
                  + said.path("hosts").asLong()
                  + " hosts. "
                  + said.path("note").asText("All were examined."));
          lines.forEach(answer::line);
        });
    return changes ? 1 : 0;
  }
}
