package io.patina.collector.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.collector.asking.Asking;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A list of the engine, one line each. */
abstract class ListCommand extends Asking {
  /** Where it is. */
  abstract String path(Engine engine) throws CommandFailure;

  /** One of it. */
  abstract String line(JsonNode item);

  @Override
  protected Engine.Reply ask(Engine asked) throws CommandFailure {
    return asked.get(path(asked));
  }

  @Override
  protected List<String> lines(JsonNode said) {
    return each(said, "none", this::line);
  }

  private static String life(JsonNode i) {
    StringBuilder line = new StringBuilder();
    line.append(i.path("id").asText())
        .append(" of ")
        .append(i.path("hostName").asText())
        .append(", ")
        .append(i.path("admission").asText());
    append(line, " by ", i, "admittedBy");
    append(line, ", key ", i, "key");
    append(line, ", revoked at ", i, "revokedAt");
    append(line, ", replaced by ", i, "replacedBy");
    return line.toString();
  }

  private static void append(StringBuilder line, String before, JsonNode i, String name) {
    String text = i.path(name).asText("");
    if (!text.isEmpty()) {
      line.append(before).append(text);
    }
  }

  /** {@code host knocking}. */
  @Command(
      name = "knocking",
      description = "Installations that report and are not let in, the last heard first.")
  static final class Knocking extends ListCommand {
    @Override
    String path(Engine engine) {
      return "api/v1/knocking";
    }

    @Override
    String line(JsonNode i) {
      return i.path("installation").asText()
          + " calls itself "
          + i.path("claimedName").asText()
          + ", key "
          + i.path("key").asText()
          + ", "
          + i.path("reports").asLong()
          + " reports, the last at "
          + i.path("lastAt").asText()
          + ": "
          + i.path("reason").asText()
          + (i.path("granted").asBoolean() ? "; let in with its next report" : "");
    }
  }

  /** {@code host unapproved}. */
  @Command(
      name = "unapproved",
      description = "Installations whose key was pinned and that nobody has approved.")
  static final class Unapproved extends ListCommand {
    @Override
    String path(Engine engine) {
      return "api/v1/installations/unapproved";
    }

    @Override
    String line(JsonNode i) {
      return life(i);
    }
  }

  /** {@code host lives}. */
  @Command(name = "lives", description = "The installations of a host, the latest first.")
  static final class Lives extends ListCommand {
    @Parameters(paramLabel = "HOST", description = "Its name or id.")
    private String host = "";

    @Override
    String path(Engine engine) throws CommandFailure {
      return "api/v1/hosts/" + engine.host(host) + "/installations";
    }

    @Override
    String line(JsonNode i) {
      return life(i);
    }
  }
}
