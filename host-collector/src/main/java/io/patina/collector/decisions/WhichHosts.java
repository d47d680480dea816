package io.patina.collector.decisions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which hosts a decision is for. */
final class WhichHosts {

  @Option(names = "--host", paramLabel = "HOST", description = "The only host: its name or its id.")
  private @Nullable String host;

  @Option(names = "--pool", paramLabel = "POOL", description = "Hosts in this pool.")
  private @Nullable String pool;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "Hosts with this assigned label; may be given several times.")
  private Map<String, String> labels = new TreeMap<>();

  /** Writes them as the API has them. */
  void write(ObjectNode body, Engine engine) throws CommandFailure {
    if (host != null) {
      body.put("host", engine.host(host));
    }
    if (pool != null) {
      body.put("pool", pool);
    }
    if (!labels.isEmpty()) {
      ObjectNode stated = body.putObject("labels");
      labels.forEach(stated::put);
    }
  }

  /** Which hosts something is for. */
  static String of(JsonNode said) {
    List<String> parts = new ArrayList<>();
    if (said.hasNonNull("host")) {
      parts.add("host " + said.path("host").asText());
    }
    if (said.hasNonNull("pool")) {
      parts.add("pool " + said.path("pool").asText());
    }
    said.path("labels")
        .properties()
        .forEach(l -> parts.add(l.getKey() + "=" + l.getValue().asText()));
    return String.join(", ", parts);
  }
}
