package io.patina.engine.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.engine.database.Transactions;
import io.patina.engine.fleet.Api;
import io.patina.engine.fleet.PostgresResource;
import io.patina.engine.fleet.SeededFleet;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.signing.SigningKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of baselines over HTTP, on a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class LifeIT {

  @Inject DataSource database;
  @Inject Transactions transactions;

  @SuppressWarnings("NullAway.Init")
  @ConfigProperty(name = "patina.catalogue.store")
  Path store;

  @SuppressWarnings("NullAway.Init")
  @ConfigProperty(name = "patina.catalogue.trust-roots")
  Path trust;

  @SuppressWarnings("NullAway.Init") // Quarkus sets it before each test.
  @TestHTTPResource("/")
  URI engine;

  @SuppressWarnings("NullAway.Init")
  private Api api;

  @SuppressWarnings("NullAway.Init")
  private String alice;

  @SuppressWarnings("NullAway.Init")
  private String bob;

  @SuppressWarnings("NullAway.Init")
  private String olga;

  @BeforeEach
  void people() throws Exception {
    try (Connection c = database.getConnection()) {
      SeededFleet.clear(c);
    }
    api = new Api(engine);
    alice = api.token("alice@example.org", "author", "approver");
    bob = api.token("bob@example.org", "approver");
    olga = api.token("olga@example.org", "operator");
  }

  @Test
  void aBaselineIsApprovedByAnotherThanItsAuthorAndEveryStepIsInItsHistory() throws Exception {
    handIn("life", "1", Map.of("pool", "web"));
    refused(403, "life/1/approval", alice, "{\"reason\":\"mine\"}", "Somebody else approves it");
    step("life/1/approval", bob, "reviewed in change 17", "approved");
    JsonNode life = step("life/1/activation", olga, "window of tonight", "active");
    handIn("life", "2", Map.of("pool", "web"));
    step("life/2/approval", bob, "reviewed in change 18", "approved");
    step("life/2/activation", olga, "next window", "active");
    assertEquals("superseded", life("life/1").path("state").asText());
    // Back to the version before, and the newer one for good.
    step("life/1/activation", olga, "2 breaks sshd", "active");
    step("life/2/retirement", bob, "2 breaks sshd", "retired");
    assertEquals("[]", life("life/2").path("possible").toString());

    List<String> history = new ArrayList<>();
    life("life/1")
        .path("history")
        .forEach(e -> history.add(e.path("action").asText() + " " + e.path("subject").asText()));
    assertEquals(
        List.of(
            "baseline.drafted alice@example.org",
            "baseline.approved bob@example.org",
            "baseline.activated olga@example.org",
            "baseline.superseded olga@example.org",
            "baseline.activated olga@example.org"),
        history);
    JsonNode approved = life.path("history").path(1);
    assertEquals("reviewed in change 17", approved.path("why").asText());
    assertTrue(Instant.parse(approved.path("at").asText()).isBefore(Instant.now().plusSeconds(60)));
    assertEquals("draft", approved.path("data").path("from").asText());

    String page = api.send("GET", "baselines/life/1", null, null).body();
    for (String said : List.of("reviewed in change 17", "bob@example.org", "2 breaks sshd")) {
      assertTrue(page.contains(said), said);
    }
  }

  @Test
  void aStepThatIsImpossibleSaysWhatIsPossible() throws Exception {
    handIn("steps", "1", Map.of("pool", "steps"));
    refused(
        409,
        "steps/1/activation",
        olga,
        "{\"reason\":\"now\"}",
        "It is draft. What is possible now: approval, retirement.");
    step("steps/1/retirement", bob, "a mistake", "retired");
    refused(409, "steps/1/approval", bob, "{\"reason\":\"x\"}", "Nothing leads on");
    refused(404, "steps/2/approval", bob, "{\"reason\":\"x\"}", "No baseline");
    refused(400, "steps/1/approval", bob, "{\"reason\":\" \"}", "Say why");
    refused(400, "steps/1/approval", bob, "{\"reason\":\"x\",\"precedence\":-1}", "0 to 1000000");
    refused(403, "steps/1/approval", olga, "{\"reason\":\"x\"}", "the role approver");
    refused(403, "steps/1/activation", bob, "{\"reason\":\"x\"}", "the role operator");
  }

  @Test
  void twoThatAreEquallyForTheSameHostsAreRefusedAtApproval() throws Exception {
    handIn("web", "1", Map.of("pool", "web"));
    handIn("debian", "1", Map.of("os", "debian"));
    handIn("db", "1", Map.of("pool", "db"));
    step("web/1/approval", bob, "ok", "approved");
    step("db/1/approval", bob, "no host is in both pools", "approved");
    refused(
        409,
        "debian/1/approval",
        bob,
        "{\"reason\":\"ok\"}",
        "it and db 1, web 1 equally for them: all have precedence 1. Give another");
    assertEquals("draft", life("debian/1").path("state").asText());
    JsonNode approved =
        api.json(
            200,
            "POST",
            "api/v1/baselines/debian/1/approval",
            bob,
            "{\"reason\":\"for what is in no pool\",\"precedence\":0}");
    assertEquals(0, approved.path("precedence").asInt());
  }

  @Test
  void whatWasSignedNeverChanges() throws Exception {
    handIn("fixed", "1", Map.of());
    for (String change :
        List.of(
            "update baseline set policy = 'x' where name = 'fixed'",
            "update baseline set envelope = '{}' where name = 'fixed'",
            "delete from baseline where name = 'fixed'")) {
      SQLException e =
          assertThrows(
              SQLException.class,
              () ->
                  transactions.perform(
                      c -> {
                        try (Statement s = c.createStatement()) {
                          s.execute(change);
                        }
                      }));
      assertTrue(String.valueOf(e.getMessage()).contains("never changes"), change);
    }
    String other = envelope("fixed", "1", Map.of("pool", "x"), PostgresResource.SIGNER);
    JsonNode problem = api.json(422, "POST", "api/v1/baselines", alice, other);
    assertTrue(problem.path("detail").asText().contains("exists with other content"));
  }

  /** It would not be used, and what it supersedes would not be either. */
  @Test
  void whatARevokedKeySignedIsNotActivated() throws Exception {
    handIn("falls", "1", Map.of());
    step("falls/1/approval", bob, "looks right", "approved");
    Path terms = trust.resolve("trust.yaml");
    Files.writeString(
        terms,
        "keys:\n  - keyId: "
            + PostgresResource.SIGNER.publicKey().id()
            + "\n    revoked: 2026-11-25T12:00:00Z\n    reason: a test\n");
    try {
      refused(409, "falls/1/activation", olga, "{\"reason\":\"now\"}", "revoked");
    } finally {
      Files.delete(terms);
    }
    step("falls/1/activation", olga, "now", "active");
  }

  @Test
  void whatNoTrustedKeySignedIsRefusedWithTheReason() throws Exception {
    SigningKey stranger =
        SigningKey.ofSeed(
            ByteString.copyFrom(new byte[32])
                .substring(1)
                .concat(ByteString.copyFrom(new byte[] {7})));
    JsonNode problem =
        api.json(422, "POST", "api/v1/baselines", alice, envelope("x", "1", Map.of(), stranger));
    assertTrue(problem.path("detail").asText().startsWith("The baseline is refused: "));
    api.json(422, "POST", "api/v1/baselines", alice, "{}");
    api.json(403, "POST", "api/v1/baselines", bob, "{}");
  }

  @Test
  void aHostSaysWhichBaselineAppliesAndWhyNoneOfTheOthers() throws Exception {
    UUID host;
    try (Connection c = database.getConnection()) {
      host = SeededFleet.one(c, "explained", "web", "drifting", 10, List.of());
      try (Statement s = c.createStatement()) {
        s.execute("update installation set scope = decode(repeat('ab', 32), 'hex')");
        s.execute("update host set labels = '{\"pool\":\"web\"}' where id = '" + host + "'");
      }
    }
    step("debian-12-fleet/2026.11.3/retirement", bob, "not of this test", "retired");
    handIn("web", "1", Map.of("pool", "web"));
    handIn("all", "1", Map.of());
    handIn("db", "1", Map.of("pool", "db"));
    for (String name : List.of("web", "all", "db")) {
      step(name + "/1/approval", bob, "ok", "approved");
    }
    String path = "api/v1/hosts/" + host + "/baseline";
    assertEquals(
        "it selects the host, but is approved, not active",
        why(api.json(200, "GET", path, null, null), "web"));
    for (String name : List.of("web", "all", "db")) {
      step(name + "/1/activation", olga, "ok", "active");
    }
    JsonNode explained = api.json(200, "GET", path, null, null);
    assertEquals("web", explained.path("applies").path("name").asText());
    assertEquals("precedence 0 is below 1 of web 1", why(explained, "all"));
    assertEquals("it is for pool=db; the host is pool=web", why(explained, "db"));
    api.json(404, "GET", "api/v1/hosts/" + UUID.randomUUID() + "/baseline", null, null);
    api.json(404, "GET", "api/v1/hosts/x/baseline", null, null);
  }

  @Test
  void thePreviewAnswersAndTheApprovalPageShowsIt() throws Exception {
    handIn("seen", "1", Map.of("pool", "nowhere"));
    JsonNode preview = api.json(200, "GET", "api/v1/baselines/seen/1/preview", null, null);
    assertEquals(0, preview.path("hosts").asInt());
    assertEquals("draft", preview.path("state").asText());
    String page = api.send("GET", "baselines/seen/1", null, null).body();
    assertTrue(page.contains("If it were active now"), page);
    assertTrue(page.contains("It selects no host."), page);
    api.json(404, "GET", "api/v1/baselines/seen/2/preview", null, null);
    api.json(400, "GET", "api/v1/baselines/seen/1/preview?sample=0", null, null);
  }

  @Test
  void aRolloutIsTakenFromStepToStepByAnOperatorAndShown() throws Exception {
    for (String version : List.of("1", "2", "3")) {
      handIn("rolls", version, Map.of("pool", "web"));
      step("rolls/" + version + "/approval", bob, "ok", "approved");
    }
    String waves =
        "{\"reason\":\"change 21\",\"waves\":[{\"percent\":10,\"within\":\"PT1H\"},"
            + "{\"labels\":{\"ring\":\"<b>\"},\"within\":\"PT24H\"}]}";
    refused(409, "rolls/2/rollout", olga, waves, "No version of it is active");
    step("rolls/1/activation", olga, "the first", "active");
    refused(403, "rolls/2/rollout", bob, waves, "the role operator");
    refused(400, "rolls/2/rollout", olga, "{\"reason\":\"x\"}", "1 to 100 waves");
    refused(
        400,
        "rolls/2/rollout",
        olga,
        "{\"reason\":\"x\",\"waves\":[{\"percent\":10,\"within\":\"soon\"}]}",
        "Wave 1: within is");
    refused(400, "rolls/2/rollout", olga, waves.replace("change 21", " "), "Say why");
    String path = "api/v1/baselines/rolls/2/rollout";
    api.json(404, "GET", path, null, null);
    JsonNode started = api.json(200, "POST", path, olga, waves);
    assertEquals("under-way", started.path("state").asText());
    assertEquals(1, started.path("reached").asInt());
    assertEquals("rolling-out", life("rolls/2").path("state").asText());
    assertEquals("active", life("rolls/1").path("state").asText());
    refused(409, "rolls/3/rollout", olga, waves, "Version 2 is being rolled out");
    refused(409, "rolls/3/activation", olga, "{\"reason\":\"x\"}", "Version 2 is being rolled out");
    refused(404, "rolls/2/rollout/jump", olga, "{\"reason\":\"x\"}", "advance, pause");

    String because = "{\"reason\":\"quiet night\"}";
    JsonNode paused = api.json(200, "POST", path + "/pause", olga, because);
    assertEquals("[\"resume\",\"rollback\",\"finish\"]", paused.path("possible").toString());
    refused(409, "rolls/2/rollout/advance", olga, because, "Resume it first");
    api.json(200, "POST", path + "/resume", olga, because);
    assertEquals(
        2, api.json(200, "POST", path + "/advance", olga, because).path("reached").asInt());
    String seen = api.send("GET", "baselines/rolls/2", null, null).body();
    for (String said :
        List.of("From 1 to 2, wave 2 of 2", "ring=&lt;b&gt;", "An operator can: pause")) {
      assertTrue(seen.contains(said), said + " in " + seen);
    }
    String acting = api.send("GET", "baselines/rolls/2", olga, null).body();
    assertTrue(acting.contains("./patina baseline rollout rollback rolls 2"), acting);
    api.json(200, "POST", path + "/rollback", olga, because);
    assertEquals("approved", life("rolls/2").path("state").asText());
    refused(409, "rolls/2/rollout/finish", olga, because, "It is approved. What is possible now");
    api.json(200, "POST", path, olga, waves);
    JsonNode finished = api.json(200, "POST", path + "/finish", olga, because);
    assertEquals("finished", finished.path("state").asText());
    assertEquals("active", life("rolls/2").path("state").asText());
    assertEquals("superseded", life("rolls/1").path("state").asText());
    assertEquals("[]", api.json(200, "GET", "api/v1/images/unknown", null, null).toString());
  }

  private static String why(JsonNode explained, String name) {
    for (JsonNode c : explained.path("candidates")) {
      if (c.path("name").asText().equals(name)) {
        return c.path("why").asText();
      }
    }
    return "not listed";
  }

  private void handIn(String name, String version, Map<String, String> labels) throws Exception {
    new ManifestStore(store).put(manifest());
    String envelope = envelope(name, version, labels, PostgresResource.SIGNER);
    JsonNode kept = api.json(200, "POST", "api/v1/baselines", alice, envelope);
    assertEquals("draft", kept.path("state").asText());
  }

  private static String envelope(
      String name, String version, Map<String, String> labels, SigningKey key) {
    return BaselineStatement.sign(
            new GoldenBaseline(
                name,
                version,
                manifest().digest(),
                List.of(),
                List.of(),
                List.of(),
                "pet",
                new Selector(Optional.empty(), labels),
                Instant.parse("2026-11-22T00:00:00Z").plusSeconds(version.hashCode()),
                "image-pipeline"),
            key)
        .json();
  }

  private static Manifest manifest() {
    return Manifest.of(Digest.of(ByteString.copyFromUtf8("scope")), List.of());
  }

  private JsonNode step(String path, String token, String reason, String stage) throws Exception {
    JsonNode life =
        api.json(200, "POST", "api/v1/baselines/" + path, token, "{\"reason\":\"" + reason + "\"}");
    assertEquals(stage, life.path("state").asText());
    return life;
  }

  private void refused(int status, String path, String token, String body, String detail)
      throws Exception {
    JsonNode problem = api.json(status, "POST", "api/v1/baselines/" + path, token, body);
    assertTrue(problem.path("detail").asText().contains(detail), problem.toString());
  }

  private JsonNode life(String baseline) throws Exception {
    return api.json(200, "GET", "api/v1/baselines/" + baseline + "/life", null, null);
  }
}
