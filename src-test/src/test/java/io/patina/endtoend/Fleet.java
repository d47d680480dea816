package io.patina.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.endtoend.line.Api;
import io.patina.endtoend.line.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The hosts of a line as its API shows them. */
final class Fleet {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int SHOWN = 5;

  private final Api api;
  private final Map<String, String> usual = new TreeMap<>();

  /**
   * These hosts.
   *
   * @param usual how they usually are, as {@code verdict, version of the baseline, N open}
   */
  Fleet(Api api, Collection<String> names, String usual) {
    this.api = api;
    names.forEach(name -> this.usual.put(name, usual));
  }

  /**
   * Waits until these are all hosts that there are, and each is as usual or as is said of it.
   *
   * @param others name to how it is
   */
  void await(String what, Map<String, String> others) {
    Map<String, String> expected = new TreeMap<>(usual);
    expected.putAll(others);
    try {
      Await.equal(what, LIMIT, expected, this::standing);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + explained(), e);
    }
  }

  private Map<String, String> standing() throws IOException, InterruptedException {
    Map<String, String> standing = new TreeMap<>();
    for (JsonNode host : api.hosts()) {
      boolean proven = host.path("sync").path("state").asText().equals("proven");
      standing.put(
          host.path("name").asText(),
          "%s, %s, %d open%s"
              .formatted(
                  host.path("verdict").asText(),
                  host.path("baseline").path("version").asText(),
                  host.path("deviations").path("open").asLong(),
                  proven ? "" : ", not proven"));
    }
    return standing;
  }

  /** Some of what is open on each host, for people who have to find out. */
  private String explained() {
    StringBuilder all = new StringBuilder();
    try {
      for (JsonNode host : api.hosts()) {
        all.append(host.path("name").asText()).append(": ").append(host.path("sentence").asText());
        api.deviations(host.path("id").asText(), "open").stream()
            .limit(SHOWN)
            .forEach(d -> all.append("\n  ").append(d));
        all.append('\n');
      }
    } catch (IOException e) {
      all.append(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return all.toString();
  }

  String sentence(String name) throws IOException, InterruptedException {
    return host(name).path("sentence").asText();
  }

  /** Open deviations as "facet key kind". */
  Set<String> open(String name) throws IOException, InterruptedException {
    return new TreeSet<>(api.open(host(name).path("id").asText()));
  }

  /** What is said of each open deviation under a name, such as {@code cause}; each once. */
  Set<String> open(String name, String field) throws IOException, InterruptedException {
    Set<String> said = new TreeSet<>();
    for (JsonNode d : api.deviations(host(name).path("id").asText(), "open")) {
      JsonNode value = d.path(field);
      said.add(value.isTextual() ? value.asText() : value.toString());
    }
    return said;
  }

  /**
   * The verdicts that a host has had, in their order, without the moments in which it was said to
   * be updating: of those there are more or fewer, as its reports come.
   */
  List<String> verdicts(String name) throws IOException, InterruptedException {
    List<String> verdicts = new ArrayList<>();
    for (JsonNode e : api.timeline(host(name).path("id").asText()).reversed()) {
      String verdict = e.path("data").path("verdict").asText();
      boolean early = verdicts.isEmpty() && verdict.equals("unobserved");
      if (e.path("kind").asText().equals("verdict.changed")
          && !early
          && !verdict.equals("updating")
          && (verdicts.isEmpty() || !verdicts.getLast().equals(verdict))) {
        verdicts.add(verdict);
      }
    }
    return verdicts;
  }

  private JsonNode host(String name) throws IOException, InterruptedException {
    return api.named(name).orElseThrow();
  }
}
