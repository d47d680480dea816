package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code baseline preview}: which verdicts would change if a baseline were active now. */
@Command(
    name = "preview",
    description = "Asks the engine which verdicts would change if a baseline were active now.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no verdict would change", "1:some would", "2:it could not be asked"})
final class PreviewCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);

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

  @Option(
      names = "--all",
      description =
          "Examines all hosts, in the background of the engine, and says how far it is; ending this"
              + " command cancels it. Needs a token.")
  private boolean all;

  @Mixin private Engine engine = new Engine();

  @Mixin private Answer answer = new Answer.ByFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws CommandFailure, IOException {
    JsonNode said = all ? background() : atOnce();
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

  private String address() {
    return "api/v1/baselines/" + Engine.encoded(name) + "/" + Engine.encoded(version);
  }

  private JsonNode atOnce() throws CommandFailure {
    Engine.Reply reply = engine.get(address() + "/preview?sample=" + sample);
    if (!reply.succeeded()) {
      throw new CommandFailure(reply.problem());
    }
    return reply.body();
  }

  private JsonNode background() throws CommandFailure {
    Engine.Reply reply =
        engine.post(address() + "/previews", JsonNodeFactory.instance.objectNode());
    if (!reply.succeeded()) {
      throw new CommandFailure(reply.problem());
    }
    String job = "api/v1/previews/" + reply.body().path("id").asText();
    Thread cancelling = Thread.ofPlatform().unstarted(() -> cancel(job));
    Runtime.getRuntime().addShutdownHook(cancelling);
    try {
      return awaited(job);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel(job);
      throw new CommandFailure("interrupted", e);
    } finally {
      unhook(cancelling);
    }
  }

  private JsonNode awaited(String job) throws CommandFailure, InterruptedException {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    String before = "";
    while (true) {
      Engine.Reply reply = engine.get(job);
      if (!reply.succeeded()) {
        throw new CommandFailure(reply.problem());
      }
      JsonNode at = reply.body();
      String state = at.path("state").asText();
      if (state.equals("failed")) {
        throw new CommandFailure(at.path("problem").asText("the preview failed"));
      }
      if (at.has("result")) {
        return at.path("result");
      }
      if (state.equals("cancelled")) {
        throw new CommandFailure("the preview was cancelled");
      }
      String now =
          at.has("planned")
              ? "examined " + at.path("examined").asLong() + " of " + at.path("planned").asLong()
              : state;
      if (!now.equals(before)) {
        err.println(now);
        err.flush();
        before = now;
      }
      Thread.sleep(POLL);
    }
  }

  private void cancel(String job) {
    try {
      var unused = engine.delete(job);
    } catch (CommandFailure e) {
      // Whoever ends this command does not wait for an engine that does not answer.
      Objects.requireNonNull(spec).commandLine().getErr().println(e.getMessage());
    }
  }

  private static void unhook(Thread hook) {
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The end has begun: the hook cancels.
      hook.interrupt();
    }
  }
}
