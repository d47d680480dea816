package io.patina.collector.hosts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where a host is to be. */
final class Placing {

  @Option(names = "--pool", paramLabel = "POOL", description = "Of the host.")
  private @Nullable String pool;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "To be assigned to the host; may be given several times.")
  private Map<String, String> labels = new LinkedHashMap<>();

  void write(ObjectNode body) {
    if (pool != null) {
      body.put("pool", pool);
    }
    if (!labels.isEmpty()) {
      ObjectNode all = body.putObject("labels");
      labels.forEach(all::put);
    }
  }
}
