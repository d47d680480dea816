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
import io.patina.endtoend.reports.ReportTopic;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.signing.Envelope;
import io.patina.wire.EnrolmentToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Real collectors that are stopped, killed, copied, put back and retired: nothing that happened
 * meanwhile is adopted, and nobody reports under another's name unseen.
 */
class StopsAndStartsIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** This machine's kernel and mounts are nobody's business here. */
  private static final String SCOPE =
      """
      name: small
      facets: [file, package, os]
      include: ["/usr/**", "/etc/**"]
      attributes:
        - glob: "/**"
          names: [type, mode, uid, gid, size, sha256, target]
      """;

  private static TestLine line;
  private static RunningPart broker;
  private static int lives;
  private final List<RunningPart> collectors = new ArrayList<>();
  private PackagedRoot root = unmade();
  private Path state = Path.of("");

  @BeforeAll
  static void startLine() throws Exception {
    line = TestLine.create("stops");
    var unusedDatabase = line.database();
    broker = line.broker();
    var unusedEngine = line.engine();
  }

  @AfterAll
  static void stopLine() throws IOException {
    line.close();
  }

  @BeforeEach
  void newHost() throws IOException {
    Path directory = line.scratch().resolve("life-" + ++lives);
    root = PackagedRoot.create(directory.resolve("root"));
    state = directory.resolve("state");
  }

  @AfterEach
  void stopCollectors() throws Exception {
    for (RunningPart each : collectors) {
      if (each.isAlive()) {
        each.stop();
      }
    }
  }

  private static PackagedRoot unmade() {
    try {
      return PackagedRoot.create(Files.createTempDirectory("unused-root"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunningPart collect(Map<String, String> more) throws IOException, InterruptedException {
    RunningPart started = line.collector(root.path(), with(more));
    collectors.add(started);
    return started;
  }

  @Test
  void whatChangedWhileTheCollectorWasAwayIsFoundWithinItsBounds() throws Exception {
    RunningPart collector = collect(Map.of());
    String host = conforming();

    collector.stop();
    awaitEvent(host, "host.announced", "what", "stopping");
    Instant beforeFirst = Instant.now();
    edit(0);
    Instant afterFirst = Instant.now();
    collector = collect(Map.of());
    assertBounded(host, 0, beforeFirst, afterFirst);

    // And where nobody could say good-bye.
    collector.kill();
    Instant beforeSecond = Instant.now();
    edit(1);
    Instant afterSecond = Instant.now();
    RunningPart unused = collect(Map.of());
    assertBounded(host, 1, beforeSecond, afterSecond);
    Await.equal(
        "every stop and start is announced",
        LIMIT,
        List.of("started", "stopping", "started", "started"),
        () ->
            events(host, "host.announced").reversed().stream()
                .map(e -> e.path("data").path("what").asText())
                .toList());
  }

  @Test
  void twoCollectorsOnCopiesOfOneStateDirectoryAreAnIdentityConflict() throws Exception {
    RunningPart first = collect(Map.of());
    String host = conforming();
    Path copy = state.resolveSibling("copy");
    copy(state, copy);
    RunningPart second =
        collect(
            Map.of(
                "state.dir", copy.toString(), "metrics.port", String.valueOf(TestLine.freePort())));
    Await.until("the two are seen to be two", LIMIT, () -> conflict(host).isPresent());
    Await.equal("nothing is said of a host that is two", LIMIT, "unobserved", () -> verdict(host));
    assertTrue(first.isAlive() && second.isAlive());
  }

  @Test
  void aStateDirectoryThatWasPutBackIsAnIdentityConflictAndReportsGoOn() throws Exception {
    RunningPart collector = collect(Map.of());
    String host = conforming();
    collector.stop();
    Path kept = state.resolveSibling("kept");
    copy(state, kept);
    collector = collect(Map.of());
    awaitEvents(host, "host.restarted", 1);
    collector.stop();

    // What a virtual machine does that is set back to yesterday.
    delete(state);
    copy(kept, state);
    RunningPart unused = collect(Map.of());
    JsonNode conflict = Await.value("the step back is seen", LIMIT, () -> conflict(host));
    assertTrue(conflict.path("reason").asText().contains("put back"), conflict::toString);
    edit(2);
    Await.until(
        "what it reports is taken all the same",
        LIMIT,
        () -> line.api().open(host).contains("file " + path(2) + " changed"));
    assertEquals("unobserved", verdict(host));
  }

  @Test
  void reportsThatASpoolCouldNotKeepAreATimeOfLostResolutionInTheHistory() throws Exception {
    RunningPart unused = collect(Map.of("spool.max-age", "3s"));
    String host = conforming();
    broker.kill();
    Instant away = Instant.now();
    // Each heartbeat is a record; once the oldest has waited for three seconds it is too much.
    edit(3);
    Await.until(
        "the spool has reached its bound",
        LIMIT,
        () -> line.collectorLog().contains("event=spool-collapsed"));
    edit(4);
    broker = line.broker();
    JsonNode lost =
        Await.value(
                "the history says what was lost",
                LIMIT,
                () -> events(host, "resolution.lost").stream().findFirst())
            .path("data");
    Instant from = Instant.parse(lost.path("from").asText());
    assertFalse(from.isBefore(away.minusSeconds(2)), lost::toString);
    assertTrue(from.isBefore(Instant.parse(lost.path("to").asText())), lost::toString);
    assertTrue(lost.path("reports").asLong() > 0, lost::toString);
    Await.until(
        "the state has arrived whole",
        LIMIT,
        () ->
            line.api()
                .open(host)
                .containsAll(
                    List.of("file " + path(3) + " changed", "file " + path(4) + " changed")));
    assertTrue(line.count("select count(*) from lost_resolution") >= 1);
    assertTrue(
        line.api().get("hosts/" + host).body().contains("Resolution lost"),
        "a person sees it in the timeline");
  }

  @Test
  void aHostThatIsRetiredSaysSo() throws Exception {
    RunningPart collector = collect(Map.of());
    String host = conforming();
    assertEquals(2, line.collectOnce("--retire"), "not while a collector runs on the directory");
    collector.stop();
    assertEquals(0, line.collectOnce("--retire"));
    awaitEvent(host, "host.announced", "what", "retired");
    assertEquals(
        1,
        line.count(
            "select count(*) from host where retired_at is not null and id = '" + host + "'"));
  }

  @Test
  void aHostThatAPersonRetiresStaysSoUntilItsCollectorStartsAnew() throws Exception {
    RunningPart collector = collect(Map.of());
    String host = conforming();
    Api.Answer answer =
        line.api()
            .post(
                "api/v1/retirements",
                line.token(),
                "{\"hosts\": [\"" + host + "\"], \"reason\": \"scaled down\"}");
    assertEquals(200, answer.status(), answer::body);
    awaitEvent(host, "host.retired", "reason", "scaled down");
    edit(1);
    Await.until(
        "what it still reports is recorded",
        LIMIT,
        () -> line.api().open(host).contains("file " + path(1) + " changed"));
    String retired = "select count(*) from host where retired_at is not null and id = '" + host;
    assertEquals(1, line.count(retired + "'"));
    assertEquals(0, events(host, "host.returned").size());
    collector.stop();
    RunningPart unused = collect(Map.of());
    awaitEvents(host, "host.returned", 1);
    assertEquals(0, line.count(retired + "'"));
  }

  @Test
  void aCollectorThatIsGivenATokenComesInKeepsItsPlaceWithAnotherKeyAndIsRevoked()
      throws Exception {
    // Even where whoever comes is let in: a token that does not count is not passed over.
    Path token = state.resolveSibling("token");
    Files.writeString(token, EnrolmentToken.generate(new SecureRandom()).text());
    Map<String, String> enrolling = Map.of("enrolment.token-file", token.toString());
    RunningPart collector = collect(enrolling);
    String installation = Files.readString(state.resolve("installation")).strip();
    JsonNode knocking = Await.value("it knocks", LIMIT, () -> knocking(installation));
    assertEquals("not enrolled: the token is not known here", knocking.path("reason").asText());
    assertTrue(line.api().installation(installation).isEmpty());
    collector.stop();

    String wish = "{\"name\":\"slot-" + lives + "\",\"labels\":{\"role\":\"web\"}}";
    JsonNode made = line.api().send("POST", "api/v1/enrolment-tokens", line.token(), wish);
    Files.writeString(token, made.path("token").asText() + "\n");
    collector = collect(enrolling);
    String host = conforming();
    JsonNode shown = line.api().json("api/v1/hosts/" + host);
    assertEquals("slot-" + lives, shown.path("name").asText());
    assertEquals("web", shown.path("labels").path("role").asText());
    assertTrue(knocking(installation).isEmpty());
    assertFalse(line.collectorLog().contains(made.path("token").asText()));

    assertEquals(2, line.collectOnce("--rotate-key"), "not while a collector runs");
    collector.kill();
    assertEquals(0, line.collectOnce("--rotate-key"));
    RunningPart unused = collect(enrolling);
    awaitEvents(host, "key.rotated", 1);
    edit(5);
    Await.until(
        "what it reports under its new key is taken",
        LIMIT,
        () -> line.api().open(host).contains("file " + path(5) + " changed"));

    line.api()
        .send(
            "POST",
            "api/v1/installations/" + shown.path("installation").asText() + "/revocation",
            line.token(),
            "{\"reason\":\"gone\"}");
    Await.until("it knocks in vain", LIMIT, () -> knocking(installation).isPresent());
    Await.equal("nothing is said of it", LIMIT, "unobserved", () -> verdict(host));
    assertTrue(line.api().get("hosts/" + host).body().contains("Revoked at"));
  }

  private static Optional<JsonNode> knocking(String installation)
      throws IOException, InterruptedException {
    for (JsonNode each : line.api().json("api/v1/knocking").path("items")) {
      if (each.path("installation").asText().replace("-", "").equals(installation)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /**
   * The figures of another root, such as a Debian one that has been unpacked below {@code /tmp},
   * are made with {@code -Dpatina.embedded.root=DIR}; it is written to.
   */
  @Test
  void aHostWhoseImageCarriesItsBaselineStatesOnlyWhatDiffersFromIt() throws Exception {
    Map<String, String> settings = new TreeMap<>();
    Path image = root.path();
    if (System.getProperty("patina.embedded.root") != null) {
      image = Path.of(System.getProperty("patina.embedded.root"));
      settings.put("scope", "");
    }
    RunningPart collector = collect(image, settings);
    Manifest captured = line.facts(proven());
    collector.stop();
    settings.put("baseline.embedded.trust", publish(captured, image).toString());

    // Another host that is made of that image.
    state = state.resolveSibling("second");
    Files.writeString(image.resolve("etc/machine-id"), "fedcba9876543210fedcba9876543210\n");
    settings.put("engine.url", line.parts().page().toString());
    RunningPart unused = collect(image, settings);
    UUID second = proven();
    assertEquals(
        1,
        line.count(
            "select count(*) from installation where id = '%s' and reference = decode('%s', 'hex')"
                .formatted(second, captured.digest().hex())),
        "it refers to the image's manifest");
    long overlay = line.count("select overlay_size from installation where id = '" + second + "'");
    assertTrue(overlay >= 3 && overlay <= 10, overlay + " facts of its own");
    System.out.printf(
        "%d facts in the image, %d of the host's own; rows: installation %d bytes, host %d, overlay %d,"
            + " verdicts %d, events %d, deviations %d%n",
        captured.size(),
        overlay,
        bytes("installation", "id", second),
        line.count(
            "select sum(pg_column_size(h.*)) from host h join installation i on i.host = h.id"
                + " where i.id = '"
                + second
                + "'"),
        bytes("overlay", "installation", second),
        bytes("verdict_interval", "installation", second),
        bytes("event", "installation", second),
        bytes("deviation", "installation", second));
  }

  private static long bytes(String table, String column, UUID installation) throws Exception {
    return line.count(
        "select coalesce(sum(pg_column_size(t.*)), 0) from %s t where %s = '%s'"
            .formatted(table, column, installation));
  }

  private RunningPart collect(Path from, Map<String, String> more)
      throws IOException, InterruptedException {
    RunningPart started = line.collector(from, with(more));
    collectors.add(started);
    return started;
  }

  /** The collector's installation, once the engine has proven what it reports. */
  private UUID proven() {
    return Await.value(
        "the host is known and proven",
        LIMIT,
        () ->
            line.api()
                .installation(Files.readString(state.resolve("installation")).strip())
                .filter(h -> h.path("sync").path("state").asText().equals("proven"))
                .map(h -> UUID.fromString(h.path("installation").asText())));
  }

  /**
   * Signs a manifest as the baseline of an image, tells the engine of it, and embeds it; answers
   * the trust roots.
   */
  private static Path publish(Manifest captured, Path image) throws Exception {
    GoldenBaseline golden =
        new GoldenBaseline(
            "image",
            "1",
            captured.digest(),
            List.of(captured.scope()),
            List.of(),
            List.of(),
            "pet",
            // Of no host here: what they are held against is not what this is about.
            new Selector(Optional.empty(), Map.of("pool", "nowhere")),
            Instant.parse("2026-11-22T00:00:00Z"),
            "the end-to-end tests");
    Envelope envelope = line.sign(golden, captured);
    try (ReportTopic topic = new ReportTopic(line.parts().bootstrapServers())) {
      Baselines.publish(line, topic, envelope);
    }
    Path manifest = line.scratch().resolve("image.zst");
    ManifestFile.write(captured, manifest);
    Path signed = line.scratch().resolve("image.json");
    Files.writeString(signed, envelope.json());
    Path key = line.scratch().resolve("image-trust");
    Files.createDirectories(key);
    Files.writeString(key.resolve("a.pem"), line.baselineKey().publicKey().pem());
    var unused =
        line.patina()
            .run(
                "baseline",
                "embed",
                "--root",
                image.toString(),
                "--baseline",
                signed.toString(),
                "--manifest",
                manifest.toString(),
                "--key",
                key.toString())
            .with(0);
    return key;
  }

  private void assertBounded(String host, int program, Instant before, Instant after) {
    JsonNode deviation =
        Await.value(
            "the edit of " + path(program) + " is found",
            LIMIT,
            () ->
                line.api().deviations(host, "open").stream()
                    .filter(d -> d.path("key").asText().equals(path(program)))
                    .findFirst());
    JsonNode onset = deviation.path("onset");
    assertFalse(onset.path("exact").asBoolean(), deviation::toString);
    Instant earliest = Instant.parse(onset.path("earliest").asText());
    Instant latest = Instant.parse(onset.path("latest").asText());
    assertFalse(earliest.isAfter(before), () -> "it was seen good after the edit: " + deviation);
    assertFalse(latest.isBefore(after), () -> "it was seen bad before the edit: " + deviation);
    assertTrue(
        earliest.isAfter(before.minusSeconds(30)),
        () -> "it was seen good until then: " + deviation);
  }

  private String conforming() {
    String id =
        Await.value(
                "the host is known",
                LIMIT,
                () ->
                    line.api()
                        .installation(Files.readString(state.resolve("installation")).strip()))
            .path("id")
            .asText();
    Await.equal("it conforms", LIMIT, "conforming", () -> verdict(id));
    return id;
  }

  private String verdict(String host) throws IOException, InterruptedException {
    return line.api().json("api/v1/hosts/" + host).path("verdict").asText();
  }

  private Optional<JsonNode> conflict(String host) throws IOException, InterruptedException {
    JsonNode conflict = line.api().json("api/v1/hosts/" + host).path("identityConflict");
    return conflict.isObject() ? Optional.of(conflict) : Optional.empty();
  }

  private List<JsonNode> events(String host, String kind) throws IOException, InterruptedException {
    return line.api().timeline(host).stream()
        .filter(e -> e.path("kind").asText().equals(kind))
        .toList();
  }

  private void awaitEvent(String host, String kind, String name, String value) {
    Await.until(
        kind + " " + value + " is in the timeline",
        LIMIT,
        () ->
            events(host, kind).stream()
                .anyMatch(e -> e.path("data").path(name).asText().equals(value)));
  }

  private void awaitEvents(String host, String kind, int count) {
    Await.until(
        count + " " + kind + " are in the timeline",
        LIMIT,
        () -> events(host, kind).size() >= count);
  }

  private void edit(int program) throws IOException {
    Files.writeString(root.program(program), "#!/bin/sh\necho edited\n");
  }

  private String path(int program) {
    return "/usr/bin/" + root.program(program).getFileName();
  }

  private Map<String, String> with(Map<String, String> more) throws IOException {
    Path scope = line.scratch().resolve("scope.yaml");
    Files.writeString(scope, SCOPE);
    Map<String, String> all =
        new TreeMap<>(
            Map.of(
                "scope",
                scope.toString(),
                "state.dir",
                state.toString(),
                "heartbeat.interval",
                "1s",
                "rescan.interval",
                "5s"));
    all.putAll(more);
    return all;
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    must(List.of("cp", "-a", from.toString(), to.toString()));
  }

  private static void delete(Path directory) throws IOException, InterruptedException {
    must(List.of("rm", "-r", directory.toString()));
  }

  private static void must(List<String> command) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder(new ArrayList<>(command)).inheritIO().start().waitFor());
  }
}
