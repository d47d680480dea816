package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.endtoend.line.Api;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.PackagedRoot;
import io.patina.endtoend.line.RunningPart;
import io.patina.endtoend.line.TestLine;
import io.patina.stack.latency.LiveMeasurement;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * From a change on disk to the API, by the real collector on a small root whose as-shipped baseline
 * it makes itself; in the end with the broker away for a while.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LiveChangesIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** How long the broker stays away at least; -Dpatina.outage.seconds=60 for a long one. */
  private static final int OUTAGE_SECONDS = Integer.getInteger("patina.outage.seconds", 0);

  private static TestLine line;
  private static PackagedRoot root;
  private static RunningPart broker;
  private static String host;

  @BeforeAll
  static void start() throws Exception {
    line = TestLine.create("live");
    root = PackagedRoot.create(line.scratch().resolve("small-root"));
    var unusedDatabase = line.database();
    broker = line.broker();
    var unusedEngine = line.engine();
    var unusedCollector =
        line.collector(
            root.path(),
            // This machine's kernel and mounts are nobody's business here.
            Map.of("scope", scope().toString(), "heartbeat.interval", "2s"));
    JsonNode seen =
        Await.value(
            "the host conforms to what its packages shipped",
            LIMIT,
            () ->
                line.api().hosts().stream()
                    .filter(h -> h.path("verdict").asText().equals("conforming"))
                    .findFirst());
    host = seen.path("id").asText();
  }

  private static Path scope() throws IOException {
    Path scope = line.scratch().resolve("scope.yaml");
    Files.writeString(
        scope,
        """
        name: small
        facets: [file, package, os]
        include: ["/usr/**", "/etc/**"]
        attributes:
          - glob: "/**"
            names: [type, mode, uid, gid, size, sha256, target]
        """);
    return scope;
  }

  @AfterAll
  static void stop() throws IOException {
    line.close();
  }

  @Test
  @Order(1)
  void anEditedFileIsADeviationAndPutBackAnIntervalThatHasEnded() throws Exception {
    Path program = root.program(1);
    String before = Files.readString(program);
    Instant edited = Instant.now();
    Files.writeString(program, "#!/bin/sh\necho mine\n");
    awaitOpen("file /usr/bin/program-01 changed");
    JsonNode open = only("/usr/bin/program-01");
    assertEquals("dpkg:small:amd64", open.path("owner").asText(), open::toString);
    assertNotBefore(edited, open.path("onset").path("latest"));

    Files.writeString(program, before);
    awaitOpen();
    JsonNode ended = only("/usr/bin/program-01");
    assertTrue(ended.has("end"), ended::toString);
    Instant onset = Instant.parse(ended.path("onset").path("latest").asText());
    Instant end = Instant.parse(ended.path("end").path("latest").asText());
    assertTrue(onset.isBefore(end), ended::toString);
    assertFalse(
        line.api().timeline(host).stream()
            .filter(e -> e.path("kind").asText().equals("deviation.closed"))
            .toList()
            .isEmpty());
  }

  @Test
  @Order(2)
  void whatAppearsAndVanishesIsSeenInTheApiAndOnTheTopic() throws Exception {
    try (LiveMeasurement measurement =
        new LiveMeasurement(line.parts().page(), line.parts().bootstrapServers(), host)) {
      LiveMeasurement.Times times =
          measurement.run(root.path().resolve("etc/appears"), "/etc/appears", 40);
      // Printed, never asserted: what a loaded machine takes says nothing about the line.
      System.out.println("opened " + times.opened());
      System.out.println("closed " + times.closed());
      System.out.println("page   " + times.page());
      System.out.println("event  " + times.event());
    }
    awaitOpen();
  }

  @Test
  @Order(3)
  void anUpgradeOfThePackageLeavesTheVerdictAsItWas() throws Exception {
    int known = line.api().timeline(host).size();
    root.ship("2.0-1");
    Await.until(
        "the upgrade has been taken in and the host conforms again",
        LIMIT,
        () ->
            line.api().json("api/v1/hosts/" + host).path("verdict").asText().equals("conforming")
                && line.api().timeline(host).size() > known
                && line.api().open(host).isEmpty()
                && line.api().all("api/v1/baselines").size() > 1);
    List<JsonNode> now = line.api().timeline(host);
    // Latest first: what the upgrade brought.
    List<String> verdicts =
        now.subList(0, now.size() - known).stream()
            .filter(e -> e.path("kind").asText().equals("verdict.changed"))
            .map(e -> e.path("data").path("verdict").asText())
            .toList();
    assertFalse(verdicts.contains("artisanal"), verdicts::toString);
  }

  @Test
  @Order(4)
  void whatHappensWhileTheBrokerIsAwayArrivesInOrderAndWhole() throws Exception {
    broker.kill();
    double before = reported();
    List<String> made = new ArrayList<>();
    Instant end = Instant.now().plusSeconds(OUTAGE_SECONDS);
    for (int i = 0; i < 30 || Instant.now().isBefore(end); i++) {
      // One file whose every version is news, and one that stays.
      String name = String.format(java.util.Locale.ROOT, "outage-%04d", i);
      Files.writeString(root.path().resolve("etc").resolve(name), "made while Kafka was away\n");
      made.add("file /etc/" + name + " unexpected");
      Files.writeString(root.conffile(), "level = " + (100 + i) + "\n");
      double now = before + 2 * (i + 1);
      Await.until("the collector has noticed change " + i, LIMIT, () -> reported() >= now);
    }
    broker = line.broker();
    int changes = made.size();
    System.out.println(
        "broker away for " + OUTAGE_SECONDS + " s at least, " + changes + " files meanwhile");
    made.add("file /etc/small.conf changed");
    awaitOpen(made.toArray(String[]::new));
    // Each file appeared after the one before it: order was kept, and with it the times.
    List<JsonNode> opened = new ArrayList<>(line.api().deviations(host, "open"));
    opened.removeIf(d -> !d.path("key").asText().startsWith("/etc/outage-"));
    opened.sort(java.util.Comparator.comparing(d -> d.path("key").asText()));
    for (int i = 1; i < opened.size(); i++) {
      assertNotBefore(
          Instant.parse(opened.get(i - 1).path("onset").path("latest").asText()),
          opened.get(i).path("onset").path("latest"));
    }
    JsonNode conffile = only("/etc/small.conf");
    // What changes that often is volatile: its changes are counted, each of them.
    assertEquals(
        changes - 1, conffile.path("volatile").path("changes").asInt(), conffile::toString);
    assertEquals(0, line.api().json("api/v1/hosts/" + host).path("coverage").path("lost").asInt());
  }

  /** Changes that the collector has reported so far, by its own metrics. */
  private static double reported() throws IOException, InterruptedException {
    return new Api(URI.create("http://127.0.0.1:" + line.ports().collector() + "/"))
        .metric("patina_collector_changes_total")
        .orElse(0.0);
  }

  private static void awaitOpen(String... expected) {
    Await.equal(
        "the open deviations are as expected",
        LIMIT,
        List.of(expected).stream().sorted().toList(),
        () -> line.api().open(host));
  }

  private static JsonNode only(String key) throws IOException, InterruptedException {
    List<JsonNode> found =
        line.api().deviations(host, "all").stream()
            .filter(d -> d.path("key").asText().equals(key))
            .toList();
    assertEquals(1, found.size(), found::toString);
    return found.getFirst();
  }

  private static void assertNotBefore(Instant earliest, JsonNode time) {
    Instant is = Instant.parse(time.asText());
    // Clocks of files and of the kernel's log differ by a tick.
    assertFalse(is.isBefore(earliest.minusMillis(20)), is + " is before " + earliest);
  }
}
