package io.patina.collector.decisions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.Asking;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What takes hosts out of service. */
public final class RetirementCommands {
  private RetirementCommands() {}

  /** {@code host retire}. */
  @Command(
      name = "retire",
      description = "Takes hosts out of service: they raise nothing, their history stays.")
  public static final class Retire extends Asking.Deciding {
    @Parameters(arity = "1..*", paramLabel = "HOST", description = "Its name or its id.")
    private List<String> hosts = new ArrayList<>();

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      ObjectNode body = body();
      ArrayNode ids = body.putArray("hosts");
      for (String host : hosts) {
        ids.add(asked.host(host));
      }
      return asked.post("api/v1/retirements", body);
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return List.of(
          said.path("hosts").asInt() + " named, " + said.path("retired").asInt() + " retire now");
    }
  }

  /** {@code host retired}. */
  @Command(name = "retired", description = "Lists hosts out of service, the last one first.")
  public static final class Retired extends Asking {
    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      return asked.get("api/v1/retirements?limit=1000");
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return each(
          said,
          "no host is retired",
          h ->
              h.path("name").asText()
                  + " ("
                  + h.path("host").asText()
                  + ") since "
                  + h.path("retiredAt").asText()
                  + " by "
                  + h.path("by").asText("its collector")
                  + (h.hasNonNull("reason") ? ": " + h.path("reason").asText() : ""));
    }
  }
}
