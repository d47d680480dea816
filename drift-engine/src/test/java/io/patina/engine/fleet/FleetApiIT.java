package io.patina.engine.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API over HTTP, on a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class FleetApiIT {

  private static final int HOSTS = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject DataSource database;

  @SuppressWarnings("NullAway.Init") // Quarkus sets it before each test.
  @TestHTTPResource("/")
  URI engine;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void seed() throws Exception {
    try (Connection c = database.getConnection()) {
      SeededFleet.clear(c);
      SeededFleet.write(c, HOSTS, 42);
    }
  }

  @Test
  void theOverviewCountsEveryHostOnce() throws Exception {
    JsonNode fleet = json("api/v1/fleet");
    assertEquals(HOSTS, fleet.path("hosts").asInt());
    int verdicts = 0;
    for (JsonNode n : fleet.path("verdicts")) {
      verdicts += n.asInt();
    }
    assertEquals(HOSTS, verdicts);
    assertEquals(6, fleet.path("verdicts").size());
    int pools = 0;
    for (JsonNode pool : fleet.path("pools")) {
      pools += pool.path("hosts").asInt();
    }
    assertEquals(HOSTS, pools);
  }

  @Test
  void whatWasSoIsAnsweredAsItWasKnownAndSaysWhereNobodyLooked() throws Exception {
    String id =
        json("api/v1/hosts?verdict=artisanal&limit=1").path("items").get(0).path("id").asText();
    int open = json("api/v1/hosts/" + id + "/deviations?limit=500").path("items").size();
    Instant now = Instant.now();
    Instant heard = now.minusSeconds(600);
    for (String sql :
        List.of(
            "insert into event (id, host, installation, kind, observed_at, recorded_at, data)"
                + " select gen_random_uuid(), host, id, 'host.silent', '%s', '%s', '{\"since\": \"%s\"}'"
                    .formatted(heard, now.minusSeconds(120), heard)
                + " from installation where host = '%s'".formatted(id),
            "insert into verdict_interval (installation, number, host, verdict, score,"
                + " recommendation, sentence, reasons, catalogue_revision, observed_at, recorded_at)"
                + " select id, n, host, case n when 1 then 'conforming' else 'artisanal' end, 0, 'none',"
                + " 'So.', '[]', 1, '%s'::timestamptz + n * interval '1 minute', '%s'"
                    .formatted(now.minusSeconds(3600), now.minusSeconds(60))
                + " from installation, generate_series(1, 2) n where host = '%s'".formatted(id),
            "update installation set skew_ms = 90000 where host = '%s'".formatted(id))) {
      execute(sql);
    }
    JsonNode today = json("api/v1/hosts/" + id + "/as-of");
    assertEquals(open, today.path("open").asInt());
    assertEquals("artisanal", today.path("verdict").path("verdict").asText());
    assertFalse(today.path("observed").asBoolean());
    assertEquals("silent", today.path("unobserved").get(0).path("kind").asText());
    JsonNode then = json("api/v1/hosts/" + id + "/as-of?at=" + now.minusSeconds(3510));
    assertEquals("conforming", then.path("verdict").path("verdict").asText());
    assertTrue(then.path("observed").asBoolean());
    JsonNode unaware = json("api/v1/hosts/" + id + "/as-of?known=" + now.minusSeconds(300));
    assertTrue(unaware.path("verdict").isMissingNode(), unaware::toString);
    assertTrue(unaware.path("observed").asBoolean(), "that it was silent was not known yet");
    assertEquals(0, unaware.path("open").asInt());
    assertEquals(1, json("api/v1/hosts/" + id + "/unobserved").path("items").size());
    JsonNode host = json("api/v1/hosts/" + id);
    assertEquals(90_000, host.path("clock").path("skewMillis").asLong());
    assertTrue(host.path("reasons").toString().contains("1m30s ahead"), host::toString);
    problem("api/v1/hosts/" + id + "/as-of?at=yesterday", 400, "2026-11-25T12:00:00Z");
  }

  @Test
  void pagingSeesEveryHostOnceInOrderWhateverThePageSizeAndFilter() throws Exception {
    Random random = new Random(1);
    List<String> filters = List.of("", "&verdict=conforming", "&pool=web", "&q=-00", "&q=FRA2");
    for (String filter : filters) {
      List<String> whole = walk("api/v1/hosts?limit=500" + filter);
      for (int round = 0; round < 4; round++) {
        List<String> paged = walk("api/v1/hosts?limit=" + (1 + random.nextInt(60)) + filter);
        assertEquals(whole, paged, filter);
        assertEquals(whole.size(), Set.copyOf(paged).size(), filter);
      }
      assertFalse(whole.isEmpty(), filter);
    }
    assertEquals(HOSTS, walk("api/v1/hosts?limit=500").size());
  }

  @Test
  void aHostSaysVerdictSentenceRecommendationAndSinceWhen() throws Exception {
    JsonNode host = json("api/v1/hosts?verdict=drifting&limit=1").path("items").path(0);
    JsonNode same = json("api/v1/hosts/" + host.path("id").asText());
    assertEquals(host, same);
    for (String field :
        List.of("verdict", "sentence", "recommendation", "score", "since", "lastSeen", "name")) {
      assertTrue(same.hasNonNull(field), field);
    }
    assertEquals("proven", same.path("sync").path("state").asText());
    assertEquals("debian-12-fleet", same.path("baseline").path("name").asText());
    assertEquals(2, same.path("deviations").path("open").asInt());
    String id = same.path("id").asText();
    assertEquals(2, walk("api/v1/hosts/" + id + "/deviations?limit=1").size());
    assertEquals(3, walk("api/v1/hosts/" + id + "/timeline?limit=1").size());
  }

  @Test
  void aPoolIsJudgedAsAWhole() throws Exception {
    JsonNode pool = json("api/v1/pools/web");
    assertEquals(walk("api/v1/hosts?pool=web&limit=500").size(), pool.path("hosts").asInt());
    JsonNode side = pool.path("sides").path(0);
    assertEquals("debian-12-fleet 2026.11.3", side.path("baseline").asText());
    assertEquals(side.path("conforming"), side.path("ways").path(0).path("hosts"));
    assertTrue(
        side.path("sentence")
            .asText()
            .startsWith(side.path("conforming") + " hosts are as ordered"),
        side.toString());
    assertTrue(side.path("ways").size() > 1, side.toString());
    JsonNode way = side.path("ways").path(1);
    assertTrue(
        way.path("separating").toString().contains("\"file /etc/sudoers\""), side.toString());
    assertTrue(way.path("examples").size() > 0, side.toString());
    assertTrue(text("pools/web").contains("hosts are as ordered"));
    problem("api/v1/pools/nowhere", 404, "No host is in this pool");
    assertEquals(0, json("api/v1/pools/web/outliers").path("apart").size());
  }

  @Test
  void whatAHostSharesIsPagedByKeyAndShownOnItsPage() throws Exception {
    JsonNode host = json("api/v1/hosts?verdict=drifting&limit=1").path("items").path(0);
    String id = host.path("id").asText();
    try (Connection c = database.getConnection();
        var s = c.createStatement()) {
      s.execute(
          "insert into drift_set (id, deviations, baseline)"
              + " select '\\x01', 250, statement from baseline");
      s.execute(
          "insert into drift_set_entry select '\\x01', n, 'file', convert_to('/b/' || n, 'UTF8'),"
              + " '/b/' || n, 'changed', '{\"mode\": \"0644\"}', '{\"mode\": \"0600\"}', null,"
              + " 'file', 'baseline-changed', '', '', '\\x00' from generate_series(0, 249) n");
      s.execute(
          "insert into drift_share (id, installation, host, set_id, without, deviations, baseline,"
              + " fact_since, onset_earliest, onset_latest, settles_at, observed_at)"
              + " select gen_random_uuid(), i.id, i.host, '\\x01', '{3}', 249, i.baseline,"
              + " now(), now(), now(), now(), now() from installation i where host = '"
              + id
              + "'");
      s.execute("update installation set unlisted_deviations = 249 where host = '" + id + "'");
    }
    JsonNode shared = json("api/v1/hosts/" + id + "/shared").path("items");
    assertEquals(1, shared.size());
    assertEquals(249, shared.path(0).path("deviations").asInt());
    assertEquals(1, shared.path(0).path("hosts").asInt());
    assertEquals(250, shared.path(0).path("classes").path("file").asInt());
    String path = "api/v1/hosts/" + id + "/shared/" + shared.path(0).path("id").asText();
    List<String> all = walk(path + "/deviations?limit=100");
    assertEquals(249, Set.copyOf(all).size());
    JsonNode first = json(path + "/deviations?limit=4").path("items").path(3);
    assertEquals("/b/4", first.path("key").asText());
    assertEquals(shared.path(0).path("onset"), first.path("onset"));
    String page = text("hosts/" + id);
    assertTrue(page.contains("249 deviations, found at once"), page);
    assertTrue(page.contains("More of them"), page);
    problem("api/v1/hosts/" + id + "/shared/" + new UUID(1, 2) + "/deviations", 404, "shared");
  }

  @Test
  void aKeyThatIsNotUtf8IsEscapedAndGivenInBase64() throws Exception {
    UUID id;
    try (Connection c = database.getConnection()) {
      id =
          SeededFleet.one(
              c,
              "odd",
              "web",
              "drifting",
              10,
              List.of(
                  new SeededFleet.Drift(
                      "file",
                      "/tmp/\u00ff\n",
                      "unexpected",
                      "{}",
                      "{\"type\":\"file\"}",
                      "",
                      "unpackaged-file"),
                  new SeededFleet.Drift(
                      "file", "/tmp/h\u00e9", "missing", "{\"type\":\"file\"}", "{}", "", "file")));
    }
    JsonNode items = json("api/v1/hosts/" + id + "/deviations?state=all").path("items");
    assertEquals(2, items.size());
    for (JsonNode d : items) {
      if (d.path("kind").asText().equals("unexpected")) {
        assertEquals("/tmp/\\xff\\n", d.path("key").asText());
        assertEquals(
            Base64.getEncoder()
                .encodeToString("/tmp/\u00ff\n".getBytes(StandardCharsets.ISO_8859_1)),
            d.path("keyBytes").asText());
      } else {
        assertEquals("/tmp/h\u00e9", d.path("key").asText());
        assertFalse(d.has("keyBytes"));
        assertEquals("file", d.path("expected").path("type").asText());
      }
    }
  }

  @Test
  void whatIsAskedWronglyIsAProblemThatSaysWhatIsRight() throws Exception {
    String cursor = json("api/v1/hosts?limit=1").path("next").asText();
    problem("api/v1/hosts?verdict=artisan", 400, "verdict is one of");
    problem("api/v1/hosts?limit=0", 400, "limit is 1 to 500");
    problem("api/v1/hosts?limit=x", 404, "not of its type");
    problem("api/v1/hosts?cursor=nonsense", 400, "Begin without one");
    problem("api/v1/hosts?cursor=%21%21", 400, "Begin without one");
    problem("api/v1/hosts?pool=web&cursor=" + cursor, 400, "Begin without one");
    problem("api/v1/baselines?cursor=" + cursor, 400, "Begin without one");
    problem("api/v1/hosts/" + UUID.randomUUID(), 404, "No host");
    problem("api/v1/hosts/1/deviations", 404, "UUID");
    problem("api/v1/hosts/" + UUID.randomUUID() + "/timeline", 404, "No host");
    problem("api/v1/nothing", 404, "");
    problem("api/v1/baselines/no/such", 404, "No baseline");
    String id = json("api/v1/hosts?limit=1").path("items").path(0).path("id").asText();
    problem("api/v1/hosts/" + id + "/deviations?state=closed", 400, "open or all");
  }

  @Test
  void aSearchIsTextAndNoPattern() throws Exception {
    assertEquals(0, json("api/v1/hosts?q=" + encode("%")).path("items").size());
    assertEquals(0, json("api/v1/hosts?q=" + encode("_")).path("items").size());
    assertEquals(0, json("api/v1/hosts?q=" + encode("' or 1=1 --")).path("items").size());
  }

  @Test
  void baselinesAreListedAndShownWithWhatTheySay() throws Exception {
    assertEquals(1, walk("api/v1/baselines?limit=1").size());
    JsonNode one = json("api/v1/baselines/debian-12-fleet/2026.11.3");
    assertEquals("active", one.path("state").asText());
    assertEquals(
        "/var/log/**", one.path("predicate").path("expectations").path(0).path("glob").asText());
  }

  @Test
  void theApiDescribesItself() throws Exception {
    HttpResponse<String> answer = get("api/v1/openapi?format=json");
    assertEquals(200, answer.statusCode());
    JsonNode paths = JSON.readTree(answer.body()).path("paths");
    for (String path :
        List.of(
            "/api/v1/fleet",
            "/api/v1/hosts",
            "/api/v1/hosts/{id}",
            "/api/v1/hosts/{id}/deviations",
            "/api/v1/hosts/{id}/groups",
            "/api/v1/hosts/{id}/timeline",
            "/api/v1/groups/{id}/acknowledgement",
            "/api/v1/baselines",
            "/api/v1/baselines/{name}/{version}",
            "/api/v1/baselines/{name}/{version}/approval")) {
      assertTrue(paths.has(path), path);
    }
    assertFalse(paths.has("/hosts"), "pages are not API");
  }

  @Test
  void aWriteNeedsTheToken() throws Exception {
    String path = "api/v1/baselines/debian-12-fleet/2026.11.3/approval";
    HttpRequest.BodyPublisher body =
        HttpRequest.BodyPublishers.ofString("{\"reason\":\"reviewed\"}");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(engine.resolve(path))
            .header("Content-Type", "application/json")
            .POST(body);
    HttpResponse<String> without = client.send(request.build(), BodyHandlers.ofString());
    assertEquals(401, without.statusCode());
    assertTrue(without.body().contains("PATINA_ACCESS_TOKEN_FILE"), without.body());
    HttpResponse<String> wrong =
        client.send(
            request.copy().header("Authorization", "Bearer wrong").build(),
            BodyHandlers.ofString());
    assertEquals(401, wrong.statusCode());
    HttpResponse<String> right =
        client.send(
            request.copy().header("Authorization", "Bearer " + PostgresResource.TOKEN).build(),
            BodyHandlers.ofString());
    assertEquals(409, right.statusCode(), right.body());
    assertTrue(right.body().contains("active"), right.body());
  }

  @Test
  void aGroupSaysItsCauseAndWhoHasAcknowledgedIt() throws Exception {
    String host =
        json("api/v1/hosts?verdict=drifting&limit=1").path("items").path(0).path("id").asText();
    UUID group = UUID.randomUUID();
    try (Connection c = database.getConnection();
        Statement s = c.createStatement()) {
      s.execute(
          String.format(
              "insert into deviation_group select '%s', installation, host, 'hand-edit', 'login uid"
                  + " 1000', 'written by vim', 2, null, onset_latest, onset_latest, now() from"
                  + " deviation where host = '%s' and end_latest is null limit 1",
              group, host));
      s.execute(
          String.format(
              "update deviation set group_id = '%s', because = 'written by vim', written_by ="
                  + " '{\"pid\": 7, \"pod\": \"a/b\", \"ancestors\": [\"bash\"]}'"
                  + " where host = '%s'",
              group, host));
    }
    JsonNode deviation = json("api/v1/hosts/" + host + "/deviations").path("items").path(0);
    assertEquals(group.toString(), deviation.path("group").asText());
    assertEquals("bash", deviation.path("writtenBy").path("ancestors").path(0).asText());
    JsonNode listed = json("api/v1/hosts/" + host + "/groups").path("items").path(0);
    assertEquals("hand-edit", listed.path("cause").asText());
    assertEquals(2, listed.path("open").asInt());
    assertFalse(listed.has("acknowledgement"));
    String path = "api/v1/groups/" + group + "/acknowledgement";
    assertEquals(401, post(path, "{\"by\":\"alice\",\"authorised\":true}", "wrong").statusCode());
    assertEquals(400, post(path, "{\"by\":\"alice\"}", PostgresResource.TOKEN).statusCode());
    assertEquals(
        404,
        post(
                "api/v1/groups/" + UUID.randomUUID() + "/acknowledgement",
                "{\"by\":\"alice\",\"authorised\":true}",
                PostgresResource.TOKEN)
            .statusCode());
    for (String said : List.of("true", "false")) {
      HttpResponse<String> answer =
          post(
              path,
              "{\"by\":\"alice\",\"ticket\":\"OPS-1\",\"authorised\":" + said + "}",
              PostgresResource.TOKEN);
      assertEquals(200, answer.statusCode(), answer.body());
    }
    JsonNode after = json("api/v1/groups/" + group).path("acknowledgement");
    assertEquals("alice", after.path("by").asText());
    assertEquals("OPS-1", after.path("ticket").asText());
    assertFalse(after.path("authorised").asBoolean(true));
    JsonNode events = json("api/v1/hosts/" + host + "/timeline").path("items");
    assertEquals("group.acknowledged", events.path(0).path("kind").asText());
    assertEquals("group.acknowledged", events.path(1).path("kind").asText());
  }

  private HttpResponse<String> post(String path, String body, String token) throws Exception {
    return client.send(
        HttpRequest.newBuilder(engine.resolve(path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private List<String> walk(String path) throws Exception {
    List<String> ids = new ArrayList<>();
    Set<String> cursors = new HashSet<>();
    String next = "";
    while (true) {
      JsonNode page = json(path + (next.isEmpty() ? "" : "&cursor=" + next));
      page.path("items").forEach(i -> ids.add(i.path("id").asText()));
      if (!page.has("next")) {
        return ids;
      }
      next = page.path("next").asText();
      assertTrue(cursors.add(next), "a cursor came twice");
    }
  }

  private void problem(String path, int status, String detail) throws Exception {
    HttpResponse<String> answer = get(path);
    assertEquals(status, answer.statusCode(), path + " " + answer.body());
    assertEquals(
        "application/problem+json",
        answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0],
        path);
    JsonNode problem = JSON.readTree(answer.body());
    assertEquals(status, problem.path("status").asInt());
    assertTrue(problem.path("type").asText().startsWith("urn:patina:problem:"), path);
    assertTrue(problem.path("detail").asText().contains(detail), answer.body());
  }

  private void execute(String sql) throws Exception {
    try (Connection c = database.getConnection();
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertEquals(200, answer.statusCode(), path + " " + answer.body());
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(engine.resolve(path)).build(), BodyHandlers.ofString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String text(String path) throws Exception {
    var answer =
        client.send(
            java.net.http.HttpRequest.newBuilder(engine.resolve(path)).build(),
            java.net.http.HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), path);
    return answer.body();
  }
}
