package io.patina.engine.decisions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.fleet.Api;
import io.patina.engine.fleet.PostgresResource;
import io.patina.engine.fleet.SeededFleet;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waivers, maintenances and retirements over HTTP, on a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class DecisionsIT {

  private static final String HOSTILE = "<script>alert(1)</script>\u202e";

  @Inject DataSource database;

  @SuppressWarnings("NullAway.Init") // Quarkus sets it before each test.
  @TestHTTPResource("/")
  URI engine;

  @SuppressWarnings("NullAway.Init")
  private Api api;

  @SuppressWarnings("NullAway.Init")
  private String olga;

  @SuppressWarnings("NullAway.Init")
  private String bob;

  private UUID host = new UUID(0, 0);

  @BeforeEach
  void people() throws Exception {
    try (Connection c = database.getConnection()) {
      SeededFleet.clear(c);
      host =
          SeededFleet.one(
              c,
              "web-1",
              "web",
              "drifting",
              10,
              List.of(
                  new SeededFleet.Drift(
                      "file",
                      "/etc/motd",
                      "changed",
                      "{\"sha256\":\"" + "ab".repeat(32) + "\"}",
                      "{\"sha256\":\"" + "cd".repeat(32) + "\"}",
                      "",
                      "configuration")));
    }
    api = new Api(engine);
    olga = api.token("olga@example.org", "operator", "approver", "auditor");
    bob = api.token("bob@example.org", "approver");
  }

  /** Here is no Kafka: what waits to be sent would be tried again and again. */
  @AfterEach
  void nothingWaits() throws Exception {
    sql("truncate outbox");
  }

  @Test
  void aWaiverIsApprovedByAnotherThanItsOwnerAndShownWhereItCounts() throws Exception {
    JsonNode asked =
        grant(
            "{\"facet\":\"file\",\"keys\":\"/etc/m*\",\"actual\":\""
                + "cd".repeat(32)
                + "\",\"pool\":\"web\",\"reason\":\""
                + HOSTILE
                + "\",\"ticket\":\"OPS-1\",\"owner\":\"Owen <owen@example.org>\"}");
    String id = asked.path("id").asText();
    assertEquals("requested", asked.path("state").asText());
    Instant expires = Instant.parse(asked.path("expiresAt").asText());
    assertEquals(
        Duration.ofDays(30),
        Duration.between(Instant.parse(asked.path("requestedAt").asText()), expires));
    assertFalse(deviation().has("waived"));

    refused(403, "waivers/" + id + "/approval", olga, "Somebody else approves it");
    String owen = api.token("owen@example.org", "approver");
    refused(403, "waivers/" + id + "/approval", owen, "Somebody else approves it");
    refused(403, "waivers/" + id + "/approval", api.token("v", "viewer"), "the role approver");
    assertEquals("in-force", step("waivers/" + id + "/approval", bob).path("state").asText());
    refused(409, "waivers/" + id + "/approval", bob, "It is in-force.");

    JsonNode waived = deviation().path("waived");
    assertEquals(id, waived.path("waiver").asText());
    assertEquals(expires, Instant.parse(waived.path("until").asText()));
    for (String page : List.of("hosts/" + host, "decisions")) {
      String text = api.send("GET", page, null, null).body();
      assertTrue(text.contains("OPS-1"), page);
      assertTrue(text.contains("&lt;script&gt;alert(1)"), page);
      assertFalse(text.contains("<script>alert"), page);
      assertFalse(text.contains("\u202e"), page);
    }
    String metrics = api.send("GET", "metrics", null, null).body();
    assertTrue(metrics.contains("patina_waivers{state=\"in-force\"} 1.0"));

    // Near its end it is said to expire, on the fleet's page too.
    sql("update waiver set soon_at = now() - interval '1 minute', revision = revision");
    assertEquals("expiring", one("waivers/" + id).path("state").asText());
    assertTrue(api.send("GET", "", null, null).body().contains("1 waiver expires soon"));
    assertTrue(
        api.send("GET", "metrics", null, null)
            .body()
            .contains("patina_waivers{state=\"expiring\"} 1.0"));

    assertEquals("revoked", step("waivers/" + id + "/revocation", olga).path("state").asText());
    assertFalse(deviation().has("waived"));
    assertEquals(0, one("waivers").path("items").size());
    assertEquals(1, one("waivers?state=all").path("items").size());
    List<String> history = new ArrayList<>();
    one("waivers/" + id)
        .path("history")
        .forEach(e -> history.add(e.path("action").asText() + " " + e.path("subject").asText()));
    assertEquals(
        List.of(
            "waiver.requested olga@example.org",
            "waiver.approved bob@example.org",
            "waiver.revoked olga@example.org"),
        history);
    assertEquals(
        List.of(
            "io.patina.decision.waiver.requested",
            "io.patina.decision.waiver.approved",
            "io.patina.decision.waiver.revoked"),
        mirrored(id));
    assertEquals(
        "waiver.revoked",
        api.json(200, "GET", "api/v1/audit?limit=1", olga, null)
            .path("items")
            .path(0)
            .path("action")
            .asText());
  }

  @Test
  void whatIsAskedWronglyIsRefusedWithWhatIsRight() throws Exception {
    String good = "\"facet\":\"file\",\"keys\":\"/etc/motd\",\"reason\":\"x\"";
    bad(400, "waivers", "{}", "Say what is waived");
    bad(400, "waivers", "{" + good + "}", "Say which hosts");
    bad(400, "waivers", "{" + good + ",\"host\":\"web-1\"}", "host is the id of a host");
    bad(404, "waivers", "{" + good + ",\"host\":\"" + UUID.randomUUID() + "\"}", "No host");
    bad(400, "waivers", "{" + good + ",\"pool\":\"web\",\"days\":181}", "days is 1 to 180");
    bad(400, "waivers", "{" + good + ",\"pool\":\"web\",\"days\":0}", "days is 1 to 180");
    bad(400, "waivers", "{" + good + ",\"pool\":\"\"}", "pool is text");
    bad(400, "waivers", "{" + good + ",\"labels\":{\"a\":null}}", "labels is text");
    bad(400, "waivers", "{" + good + ",\"pool\":\"web\",\"actual\":\"x\"}", "64 hexadecimal");
    bad(
        400,
        "waivers",
        "{\"facet\":\"files\",\"keys\":\"/\",\"pool\":\"web\",\"reason\":\"x\"}",
        "facet is one");
    bad(
        400,
        "waivers",
        "{\"facet\":\"file\",\"keys\":\"[\",\"pool\":\"web\",\"reason\":\"x\"}",
        "This matches nothing");
    bad(400, "waivers", "{\"facet\":\"file\",\"keys\":\"/a\",\"pool\":\"web\"}", "Say why");
    bad(404, "waivers/" + UUID.randomUUID() + "/revocation", "{\"reason\":\"x\"}", "No waiver");
    bad(404, "waivers/x/approval", "{\"reason\":\"x\"}", "No waiver");
    bad(400, "maintenances", "{\"pool\":\"web\",\"reason\":\"x\"}", "until when");
    String soon = Instant.now().plus(1, ChronoUnit.HOURS).toString();
    String late = Instant.now().plus(31, ChronoUnit.DAYS).toString();
    bad(400, "maintenances", "{\"until\":\"" + soon + "\",\"reason\":\"x\"}", "which hosts");
    bad(
        400,
        "maintenances",
        "{\"pool\":\"w\",\"until\":\"2020-01-01T00:00:00Z\",\"reason\":\"x\"}",
        "lies ahead");
    bad(
        400,
        "maintenances",
        "{\"pool\":\"w\",\"until\":\"" + late + "\",\"reason\":\"x\"}",
        "within 30 days");
    bad(404, "maintenances/" + UUID.randomUUID() + "/end", "{\"reason\":\"x\"}", "No maintenance");
    bad(400, "retirements", "{\"hosts\":[],\"reason\":\"x\"}", "Say which hosts");
    bad(400, "retirements", "{\"hosts\":[null],\"reason\":\"x\"}", "one of these is none");
    bad(
        404,
        "retirements",
        "{\"hosts\":[\"" + host + "\",\"" + UUID.randomUUID() + "\"],\"reason\":\"x\"}",
        "No host has the id");
    // All or none.
    assertEquals(List.of("0"), sqlRows("select count(*) from retirement"));
  }

  @Test
  void aMaintenanceIsShownOnTheHostAndTheFleetUntilItEnds() throws Exception {
    sql("update installation set verdict = 'artisanal'");
    String attention = "patina_host_attention{host_id=\"" + host;
    assertTrue(api.send("GET", "metrics", null, null).body().contains(attention));
    String until =
        Instant.now().plus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    JsonNode begun =
        api.json(
            200,
            "POST",
            "api/v1/maintenances",
            olga,
            "{\"pool\":\"web\",\"until\":\"" + until + "\",\"reason\":\"" + HOSTILE + "\"}");
    String id = begun.path("id").asText();
    assertEquals(until, begun.path("until").asText());
    assertEquals(id, one("hosts/" + host).path("maintenance").path("id").asText());
    String metrics = api.send("GET", "metrics", null, null).body();
    assertTrue(metrics.contains("patina_maintenances 1.0"));
    // No alert rule fires for it.
    assertFalse(metrics.contains(attention));
    assertTrue(metrics.contains("patina_host_attention_omitted 0.0"));
    for (String page : List.of("", "hosts/" + host, "decisions")) {
      String text = api.send("GET", page, null, null).body();
      assertTrue(text.contains("olga@example.org"), page);
      assertTrue(text.contains("aintenance"), page);
      assertFalse(text.contains("<script>alert"), page);
    }
    refused(403, "maintenances/" + id + "/end", bob, "the role operator");
    assertEquals("over", step("maintenances/" + id + "/end", olga).path("state").asText());
    refused(409, "maintenances/" + id + "/end", olga, "It is over.");
    assertFalse(one("hosts/" + host).has("maintenance"));
    assertTrue(api.send("GET", "metrics", null, null).body().contains(attention));
    assertEquals(0, one("maintenances").path("items").size());
    assertEquals(
        "olga@example.org",
        one("maintenances?state=all").path("items").path(0).path("endedBy").asText());
    assertEquals(
        List.of("io.patina.decision.maintenance.begun", "io.patina.decision.maintenance.ended"),
        mirrored(id));
  }

  @Test
  void aLargeMaintenanceHidesNoOtherHost() throws Exception {
    try (Connection c = database.getConnection()) {
      SeededFleet.write(c, 520, 3);
    }
    sql("update host set pool = 'big' where id <> '" + host + "'");
    sql("update installation set verdict = 'artisanal', score = 900");
    sql("update installation set score = 1 where host = '" + host + "'");
    String attention = "patina_host_attention{host_id=\"" + host;
    assertFalse(api.send("GET", "metrics", null, null).body().contains(attention));
    String until =
        Instant.now().plus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    var unused =
        api.json(
            200,
            "POST",
            "api/v1/maintenances",
            olga,
            "{\"pool\":\"big\",\"until\":\"" + until + "\",\"reason\":\"x\"}");
    String metrics = api.send("GET", "metrics", null, null).body();
    assertTrue(metrics.contains(attention));
    assertTrue(metrics.contains("patina_host_attention_omitted 0.0"));
    // No host waits behind what the broker may not take.
    assertEquals(
        List.of("16"),
        sqlRows("select distinct shard from outbox where topic = 'patina.decisions.v1'"));
  }

  @Test
  void aRetirementIsTakenDownOnceAndShownOnceItIsCarriedOut() throws Exception {
    String body = "{\"hosts\":[\"" + host + "\"],\"reason\":\"" + HOSTILE + "\"}";
    assertEquals(
        1, api.json(200, "POST", "api/v1/retirements", olga, body).path("retired").asInt());
    assertEquals(
        0, api.json(200, "POST", "api/v1/retirements", olga, body).path("retired").asInt());
    // What the owner of its partition does; here nobody owns one.
    sql("update retirement set applied_at = '2026-11-25T12:00:00Z'");
    sql("update host set retired_at = '2026-11-25T12:00:00Z'");
    sql("update installation set announced = 'retired', announced_at = '2026-11-25T12:00:00Z'");
    sql("update fleet_count set verdict = 'retired'");
    JsonNode fleet = one("fleet");
    assertEquals(0, fleet.path("hosts").asInt());
    assertEquals(1, fleet.path("retired").asInt());
    assertEquals(6, fleet.path("verdicts").size());
    assertEquals(0, fleet.path("pools").size());
    JsonNode retired = one("retirements").path("items").path(0);
    assertEquals("olga@example.org", retired.path("by").asText());
    assertEquals("olga@example.org", one("hosts/" + host).path("retiredBy").asText());
    assertEquals(0, one("hosts").path("items").size());
    assertEquals(1, one("hosts/" + host + "/deviations").path("items").size());
    for (String page : List.of("", "hosts/" + host, "decisions")) {
      String text = api.send("GET", page, null, null).body();
      assertTrue(text.contains("etired"), page);
      assertFalse(text.contains("<script>alert"), page);
    }
    assertEquals(List.of("io.patina.decision.host.retired"), mirrored(host.toString()));
  }

  private JsonNode grant(String body) throws Exception {
    return api.json(200, "POST", "api/v1/waivers", olga, body);
  }

  private JsonNode deviation() throws Exception {
    return one("hosts/" + host + "/deviations").path("items").path(0);
  }

  private JsonNode one(String path) throws Exception {
    return api.json(200, "GET", "api/v1/" + path, null, null);
  }

  private JsonNode step(String path, String token) throws Exception {
    return api.json(200, "POST", "api/v1/" + path, token, "{\"reason\":\"looked at\"}");
  }

  private void refused(int status, String path, String token, String detail) throws Exception {
    says(api.json(status, "POST", "api/v1/" + path, token, "{\"reason\":\"x\"}"), detail);
  }

  private void bad(int status, String path, String body, String detail) throws Exception {
    says(api.json(status, "POST", "api/v1/" + path, olga, body), detail);
  }

  private static void says(JsonNode problem, String detail) {
    assertTrue(problem.path("detail").asText().contains(detail), problem.toString());
  }

  private List<String> mirrored(String id) throws Exception {
    return sqlRows(
        "select convert_from(payload, 'UTF8')::jsonb->>'type' from outbox"
            + " where topic = 'patina.decisions.v1' and convert_from(key, 'UTF8') = '"
            + id
            + "' order by ordinal");
  }

  private void sql(String update) throws Exception {
    try (Connection c = database.getConnection();
        Statement s = c.createStatement()) {
      s.executeUpdate(update);
    }
  }

  private List<String> sqlRows(String query) throws Exception {
    List<String> found = new ArrayList<>();
    try (Connection c = database.getConnection();
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery(query)) {
      while (r.next()) {
        found.add(r.getString(1));
      }
    }
    return found;
  }
}
