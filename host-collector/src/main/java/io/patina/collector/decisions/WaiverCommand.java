package io.patina.collector.decisions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.Asking;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waiver}: exceptions for a time. */
@Command(
    name = "waiver",
    description = "Exceptions for a time: what they match is shown, does not weigh, is not told.",
    subcommands = {
      WaiverCommand.Grant.class,
      WaiverCommand.Listing.class,
      WaiverCommand.Approve.class,
      WaiverCommand.Revoke.class
    },
    mixinStandardHelpOptions = true)
public final class WaiverCommand {

  /** {@code waiver grant}. */
  @Command(
      name = "grant",
      description = "Asks for a waiver; it counts once somebody else has approved it.")
  static final class Grant extends Asking.Deciding {
    @Option(
        names = "--facet",
        paramLabel = "FACET",
        defaultValue = "file",
        description = "Of what is waived (default: file).")
    private String facet = "file";

    @Option(
        names = "--keys",
        required = true,
        paramLabel = "GLOB",
        description = "Over the keys, such as /etc/ssh/**.")
    private String keys = "";

    @Option(
        names = "--expected",
        paramLabel = "SHA256",
        description = "Only where the content should be this one.")
    private @Nullable String expected;

    @Option(
        names = "--actual",
        paramLabel = "SHA256",
        description = "Only while the content is this one.")
    private @Nullable String actual;

    @Mixin private WhichHosts hosts = new WhichHosts();

    @Option(names = "--ticket", paramLabel = "TEXT", description = "Where it is dealt with.")
    private @Nullable String ticket;

    @Option(
        names = "--owner",
        paramLabel = "NAME",
        description = "Who sees to it that it ends; who asks, if not given.")
    private @Nullable String owner;

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "How long, 1 to 180; 30 if not given, unless the engine says otherwise.")
    private @Nullable Integer days;

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      ObjectNode body = body().put("facet", facet).put("keys", keys);
      put(body, "expected", expected);
      put(body, "actual", actual);
      put(body, "ticket", ticket);
      put(body, "owner", owner);
      if (days != null) {
        body.put("days", days);
      }
      hosts.write(body, asked);
      return asked.post("api/v1/waivers", body);
    }

    private static void put(ObjectNode body, String name, @Nullable String value) {
      if (value != null) {
        body.put(name, value);
      }
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return List.of(
          shown(said), "It counts once somebody else than " + owner(said) + " has approved it.");
    }

    private static String owner(JsonNode said) {
      return said.path("owner").asText();
    }
  }

  /** {@code waiver list}. */
  @Command(name = "list", description = "Lists waivers, the first to end first.")
  static final class Listing extends Asking {
    @Option(names = "--all", description = "Those that are over, too.")
    private boolean all;

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      return asked.get("api/v1/waivers?state=" + (all ? "all" : "live"));
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return each(said, "nothing is waived", WaiverCommand::shown);
    }
  }

  /** A step of one. */
  abstract static class Step extends Asking.Deciding {
    @Parameters(paramLabel = "ID", description = "Of the waiver.")
    private String id = "";

    private final String step;

    Step(String step) {
      this.step = step;
    }

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      return asked.post("api/v1/waivers/" + Engine.encoded(id) + "/" + step, body());
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return List.of(shown(said));
    }
  }

  /** {@code waiver approve}. */
  @Command(name = "approve", description = "Approves a waiver that somebody else asked for.")
  static final class Approve extends Step {
    Approve() {
      super("approval");
    }
  }

  /** {@code waiver revoke}. */
  @Command(name = "revoke", description = "Ends a waiver before its time.")
  static final class Revoke extends Step {
    Revoke() {
      super("revocation");
    }
  }

  private static String shown(JsonNode w) {
    return w.path("id").asText()
        + " "
        + w.path("state").asText()
        + " until "
        + w.path("expiresAt").asText()
        + ": "
        + w.path("facet").asText()
        + " "
        + w.path("keys").asText()
        + " on "
        + WhichHosts.of(w)
        + "; "
        + w.path("reason").asText()
        + " (owner "
        + w.path("owner").asText()
        + ")";
  }
}
