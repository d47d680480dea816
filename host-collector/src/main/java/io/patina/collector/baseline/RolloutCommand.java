package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline rollout}: brings an approved baseline to its hosts wave by wave. */
@Command(
    name = "rollout",
    description = "Brings an approved baseline to its hosts wave by wave.",
    subcommands = {
      RolloutCommand.Start.class,
      RolloutCommand.Status.class,
      RolloutCommand.Advance.class,
      RolloutCommand.Pause.class,
      RolloutCommand.Resume.class,
      RolloutCommand.Rollback.class,
      RolloutCommand.Finish.class
    },
    mixinStandardHelpOptions = true)
final class RolloutCommand {

  /** A step of a rollout. */
  abstract static class Turn extends StepCommand {
    Turn(String step) {
      super("rollout" + step);
    }

    @Override
    List<String> told(String baseline, JsonNode said) {
      return RolloutCommand.lines(baseline, said);
    }
  }

  /** {@code baseline rollout start}. */
  @Command(
      name = "start",
      description = "Begins: the first wave is reached at once; the version before stays active.")
  static final class Start extends Turn {
    @Option(
        names = "--wave",
        required = true,
        paramLabel = "WHICH,TIME",
        converter = AskedWave.Reading.class,
        description = {
          "Hosts, and how long they have: 10%%,24h or ring=canary,2h (assigned labels; s, m, h, d).",
          "Once for each wave, in their order; percent counts those of the waves before."
        })
    private List<AskedWave> waves = new ArrayList<>();

    @Option(
        names = "--by-itself",
        description = "The next wave follows once all hosts of the reached ones conform.")
    private boolean byItself;

    Start() {
      super("");
    }

    @Override
    void more(ObjectNode body) {
      ArrayNode array = body.putArray("waves");
      waves.forEach(w -> array.add(w.json()));
      body.put("byItself", byItself);
    }
  }

  /** {@code baseline rollout advance}. */
  @Command(name = "advance", description = "Reaches the next wave.")
  static final class Advance extends Turn {
    Advance() {
      super("/advance");
    }
  }

  /** {@code baseline rollout pause}. */
  @Command(name = "pause", description = "Stops the clocks: no deadline runs, no wave follows.")
  static final class Pause extends Turn {
    Pause() {
      super("/pause");
    }
  }

  /** {@code baseline rollout resume}. */
  @Command(name = "resume", description = "Goes on; the pause counts towards no deadline.")
  static final class Resume extends Turn {
    Resume() {
      super("/resume");
    }
  }

  /** {@code baseline rollout rollback}. */
  @Command(name = "rollback", description = "Ends it: the version before is the only one again.")
  static final class Rollback extends Turn {
    Rollback() {
      super("/rollback");
    }
  }

  /** {@code baseline rollout finish}. */
  @Command(name = "finish", description = "Ends it: this version is active, for all hosts.")
  static final class Finish extends Turn {
    Finish() {
      super("/finish");
    }
  }

  /** {@code baseline rollout status}. */
  @Command(
      name = "status",
      description = "How the latest rollout of a baseline stands.",
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:nothing is late", "1:some hosts are", "2:it could not be asked"})
  static final class Status implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "Of the baseline.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "Of the baseline.")
    private String version = "";

    @Mixin private Engine engine = new Engine();

    @Mixin private Answer answer = new Answer.ByFormat();

    @Override
    public Integer call() throws CommandFailure, IOException {
      Engine.Reply reply =
          engine.get(
              "api/v1/baselines/"
                  + Engine.encoded(name)
                  + "/"
                  + Engine.encoded(version)
                  + "/rollout");
      if (!reply.succeeded()) {
        throw new CommandFailure(reply.problem());
      }
      JsonNode said = reply.body();
      answer.give(said, () -> lines(name + " " + version, said).forEach(answer::line));
      for (JsonNode wave : said.path("waves")) {
        if (wave.path("late").asLong() > 0) {
          return 1;
        }
      }
      return 0;
    }
  }

  /** What people want to see of it. */
  static List<String> lines(String baseline, JsonNode said) {
    List<String> lines = new ArrayList<>();
    lines.add(
        baseline + " (" + said.path("state").asText() + "): " + said.path("sentence").asText());
    if (said.path("possible").isEmpty()) {
      // Of one that has ended nothing is counted any more.
      return lines;
    }
    for (JsonNode wave : said.path("waves")) {
      int number = wave.path("number").asInt();
      String until =
          wave.has("deadline")
              ? ", until " + wave.path("deadline").asText()
              : ", not reached, then " + wave.path("within").asText();
      long late = wave.path("late").asLong();
      long ahead = wave.path("ahead").asLong();
      lines.add(
          "  wave "
              + number
              + " ("
              + which(wave)
              + until
              + "): "
              + counts(wave.path("progress"))
              + (late > 0 ? ", " + late + " late" : "")
              + (ahead > 0 ? ", " + ahead + " ahead" : ""));
    }
    if (said.path("others").path("hosts").asLong() > 0) {
      lines.add("  of no wave: " + counts(said.path("others")));
    }
    List<String> possible = new ArrayList<>();
    said.path("possible").forEach(p -> possible.add(p.asText()));
    if (!possible.isEmpty()) {
      lines.add("possible now: " + String.join(", ", possible));
    }
    return lines;
  }

  private static String which(JsonNode wave) {
    return wave.has("percent")
        ? wave.path("percent").asInt() + " %"
        : wave.path("labels").properties().stream()
            .map(l -> l.getKey() + "=" + l.getValue().asText())
            .collect(Collectors.joining(", "));
  }

  private static String counts(JsonNode p) {
    String counts =
        p.path("onNew").asLong()
            + " of "
            + p.path("hosts").asLong()
            + " hosts on the new version, "
            + p.path("onOld").asLong()
            + " on the old";
    long mixture = p.path("mixture").asLong();
    long unseen = p.path("unseen").asLong();
    return counts
        + (mixture > 0 ? ", " + mixture + " between" : "")
        + (unseen > 0 ? ", " + unseen + " not seen yet" : "");
  }
}
