package io.patina.endtoend.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything the API says about deviations of every host, without what may differ between two runs
 * over the same reports: when it was written down, and random or derived ids.
 */
public final class Histories {

  private static final Set<String> OF_THE_RUN =
      Set.of("id", "recordedAt", "closedRecordedAt", "previous");

  private Histories() {}

  /** Host name to its deviations, each as one line of JSON, sorted. */
  public static Map<String, List<String>> read(Api api) throws IOException, InterruptedException {
    Map<String, List<String>> all = new TreeMap<>();
    for (JsonNode host : api.hosts()) {
      List<String> deviations =
          api.deviations(host.path("id").asText(), "all").stream()
              .map(Histories::comparable)
              .sorted()
              .toList();
      all.put(host.path("name").asText(), deviations);
    }
    return all;
  }

  private static String comparable(JsonNode deviation) {
    ObjectNode copy = deviation.deepCopy();
    OF_THE_RUN.forEach(copy::remove);
    return copy.toString();
  }
}
