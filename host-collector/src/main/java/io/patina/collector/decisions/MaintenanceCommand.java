package io.patina.collector.decisions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.Asking;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code maintenance}: times in which what happens to hosts is recorded and not told. */
@Command(
    name = "maintenance",
    description = "Times in which what happens to hosts is recorded and not told.",
    subcommands = {
      MaintenanceCommand.Begin.class,
      MaintenanceCommand.Listing.class,
      MaintenanceCommand.End.class
    },
    mixinStandardHelpOptions = true)
public final class MaintenanceCommand {

  /** {@code maintenance begin}. */
  @Command(name = "begin", description = "Begins a maintenance now; it ends by itself.")
  static final class Begin extends Asking.Deciding {
    @Mixin private WhichHosts hosts = new WhichHosts();

    @Option(
        names = "--until",
        required = true,
        paramLabel = "TIME",
        description = "When it ends, such as 2026-11-25T22:00:00Z; within 30 days.")
    private Instant until = Instant.EPOCH;

    @Option(names = "--ticket", paramLabel = "TEXT", description = "Where it is dealt with.")
    private @Nullable String ticket;

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      ObjectNode body = body().put("until", until.toString());
      if (ticket != null) {
        body.put("ticket", ticket);
      }
      hosts.write(body, asked);
      return asked.post("api/v1/maintenances", body);
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return List.of(shown(said));
    }
  }

  /** {@code maintenance list}. */
  @Command(name = "list", description = "Lists maintenances that last, the first to end first.")
  static final class Listing extends Asking {
    @Option(names = "--all", description = "Those that are over, too.")
    private boolean all;

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      return asked.get("api/v1/maintenances?state=" + (all ? "all" : "lasting"));
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return each(said, "no host is in maintenance", MaintenanceCommand::shown);
    }
  }

  /** {@code maintenance end}. */
  @Command(name = "end", description = "Ends a maintenance before its time.")
  static final class End extends Asking.Deciding {
    @Parameters(paramLabel = "ID", description = "Of the maintenance.")
    private String id = "";

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      return asked.post("api/v1/maintenances/" + Engine.encoded(id) + "/end", body());
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return List.of(shown(said));
    }
  }

  private static String shown(JsonNode m) {
    return m.path("id").asText()
        + " "
        + m.path("state").asText()
        + " until "
        + m.path("until").asText()
        + ": "
        + WhichHosts.of(m)
        + "; "
        + m.path("reason").asText()
        + " (begun by "
        + m.path("begunBy").asText()
        + ")";
  }
}
