package io.patina.engine.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.engine.database.Transactions;
import io.patina.engine.fleet.Api;
import io.patina.engine.fleet.PostgresResource;
import io.patina.engine.fleet.SeededFleet;
import io.patina.signing.SigningKey;
import io.patina.wire.EnrolmentToken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Enrolment over HTTP, on a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class EnrolmentApiIT {

  private static final String WHY = "{\"reason\":\"as agreed\"}";

  @Inject DataSource database;
  @Inject Transactions transactions;
  @Inject Admissions admissions;

  @SuppressWarnings("NullAway.Init") // Quarkus sets it before each test.
  @TestHTTPResource("/")
  URI engine;

  @SuppressWarnings("NullAway.Init")
  private Api api;

  @SuppressWarnings("NullAway.Init")
  private String olga;

  @SuppressWarnings("NullAway.Init")
  private String viewer;

  @BeforeEach
  void people() throws Exception {
    try (Connection c = database.getConnection()) {
      SeededFleet.clear(c);
    }
    execute("truncate knock, admission_grant, enrolment_token cascade");
    api = new Api(engine);
    olga = api.token("olga@example.org", "operator");
    viewer = api.token("vic@example.org", "viewer");
  }

  @Test
  void aTokenIsMadeByAnOperatorShownOnceAndEnds() throws Exception {
    String wish =
        "{\"pool\":\"web\",\"labels\":{\"role\":\"web\"},\"uses\":3,\"hours\":2,\"note\":\"rack 7\"}";
    assertEquals(403, api.send("POST", "api/v1/enrolment-tokens", viewer, wish).statusCode());
    assertEquals(401, api.send("POST", "api/v1/enrolment-tokens", null, wish).statusCode());
    JsonNode made = api.json(201, "POST", "api/v1/enrolment-tokens", olga, wish);
    EnrolmentToken token = EnrolmentToken.parse(made.path("token").asText());
    assertEquals("web", made.path("pool").asText());
    assertEquals(403, api.send("GET", "api/v1/enrolment-tokens", viewer, null).statusCode());
    JsonNode listed = api.json(200, "GET", "api/v1/enrolment-tokens", olga, null);
    assertEquals(3, listed.path("items").path(0).path("uses").asInt());
    assertFalse(listed.toString().contains(token.text()), "shown once");
    String path = "api/v1/enrolment-tokens/" + made.path("id").asText();
    api.json(204, "DELETE", path, olga, null);
    api.json(204, "DELETE", path, olga, null);
    api.json(404, "DELETE", "api/v1/enrolment-tokens/" + UUID.randomUUID(), olga, null);
    JsonNode audit = api.json(200, "GET", "api/v1/audit?limit=2", PostgresResource.TOKEN, null);
    assertEquals("enrolment-token.revoked", audit.path("items").path(0).path("action").asText());
    assertEquals("olga@example.org", audit.path("items").path(1).path("subject").asText());
    assertFalse(audit.toString().contains(token.text()));
  }

  @Test
  void whatIsAskedWronglyIsToldInOneSentence() throws Exception {
    for (String[] wrong :
        new String[][] {
          {
            "{\"name\":\"a\",\"host\":\"" + UUID.randomUUID() + "\"}",
            "Give host or name, not both."
          },
          {"{\"name\":\"a\",\"uses\":2}", "uses is 1 for a token that is for one host."},
          {"{\"uses\":0}", "uses is 1 to 100000."},
          {"{\"hours\":9999}", "hours is 1 to 8784."},
          {"{\"host\":\"web\"}", "host is a UUID."},
          {"{\"labels\":{\"a\":\"\"}}", "the label a is text of 1 to 253 characters."},
          {"{\"labels\":{\"a\":null}}", "the label a is text of 1 to 253 characters."},
          {"{\"name\":\"a\\u0007\"}", "name is text of 1 to 253 characters."}
        }) {
      JsonNode answer = api.json(400, "POST", "api/v1/enrolment-tokens", olga, wrong[0]);
      assertEquals(wrong[1], answer.path("detail").asText());
    }
    api.json(
        404, "POST", "api/v1/enrolment-tokens", olga, "{\"host\":\"" + UUID.randomUUID() + "\"}");
    String nobody = UUID.randomUUID().toString();
    api.json(404, "POST", "api/v1/installations/" + nobody + "/approval", olga, WHY);
    api.json(404, "POST", "api/v1/installations/" + nobody + "/revocation", olga, WHY);
    api.json(
        404,
        "POST",
        "api/v1/knocking/" + nobody + "/admission",
        olga,
        "{\"key\":\"k\",\"reason\":\"r\"}");
    api.json(400, "POST", "api/v1/installations/" + nobody + "/revocation", olga, "{}");
    api.json(400, "POST", "api/v1/installations/" + nobody + "/join", olga, WHY);
    api.json(
        404, "PUT", "api/v1/hosts/" + nobody + "/labels", olga, "{\"labels\":{},\"reason\":\"r\"}");
  }

  @Test
  void aPinnedHostIsShownAsSuchUntilItIsApprovedAndARevokedOneTo() throws Exception {
    UUID host = seed("vega", "artisanal");
    execute("update installation set admission = 'pinned'");
    execute("update host set pool = '', labels = '{}'");
    execute("update fleet_count set pool = ''");
    String id = transactions.run(c -> LivesTable.of(c, host)).getFirst().id().toString();
    JsonNode fleet = api.json(200, "GET", "api/v1/fleet", viewer, null);
    assertEquals(1, fleet.path("unapproved").asInt());
    assertEquals(0, fleet.path("hosts").asInt());
    assertEquals("[]", fleet.path("pools").toString());
    JsonNode listed = api.json(200, "GET", "api/v1/installations/unapproved", viewer, null);
    assertEquals(id, listed.path("items").path(0).path("id").asText());
    String page = api.send("GET", "hosts/" + host, viewer, null).body();
    assertTrue(page.contains("Nobody has approved this host"), page);
    String metrics = api.send("GET", "metrics", viewer, null).body();
    assertTrue(metrics.contains("patina_hosts_unapproved 1.0"), metrics);
    assertFalse(metrics.contains("patina_hosts{"), metrics);
    assertFalse(metrics.contains("patina_host_attention{"), metrics);

    String approval = "api/v1/installations/" + id + "/approval";
    String placed = "{\"pool\":\"web\",\"labels\":{\"role\":\"web\"},\"reason\":\"known\"}";
    assertEquals(403, api.send("POST", approval, viewer, placed).statusCode());
    api.json(200, "POST", approval, olga, placed);
    api.json(409, "POST", approval, olga, placed);
    JsonNode now = api.json(200, "GET", "api/v1/hosts/" + host, viewer, null);
    assertEquals("web", now.path("pool").asText());
    assertEquals("approved", now.path("admission").path("how").asText());
    assertEquals("olga@example.org", now.path("admission").path("by").asText());

    api.json(
        200,
        "POST",
        "api/v1/installations/" + id + "/revocation",
        olga,
        "{\"reason\":\"stolen <b>\"}");
    String revoked = api.send("GET", "hosts/" + host, viewer, null).body();
    assertTrue(revoked.contains("by olga@example.org: stolen &lt;b&gt;"), revoked);
    JsonNode lives = api.json(200, "GET", "api/v1/hosts/" + host + "/installations", viewer, null);
    assertEquals("stolen <b>", lives.path("items").path(0).path("revokedWhy").asText());
    List<String> told = new ArrayList<>();
    api.json(200, "GET", "api/v1/hosts/" + host + "/timeline", viewer, null)
        .path("items")
        .forEach(e -> told.add(e.path("kind").asText()));
    assertTrue(
        told.containsAll(List.of("installation.admitted", "installation.revoked")),
        told.toString());
  }

  @Test
  void labelsAreAssignedAndWhoReadsTheHostsPartitionLosesItsTurn() throws Exception {
    UUID host = seed("vega", "conforming");
    execute("delete from partition_offset");
    execute(
        "insert into partition_offset (topic_id, part, next) select 't', part, 0 from installation");
    String path = "api/v1/hosts/" + host + "/labels";
    String labels = "{\"labels\":{\"role\":\"db\"},\"pool\":\"db\",\"reason\":\"moved\"}";
    assertEquals(403, api.send("PUT", path, viewer, labels).statusCode());
    api.json(204, "PUT", path, olga, labels);
    JsonNode now = api.json(200, "GET", "api/v1/hosts/" + host, viewer, null);
    assertEquals("{\"role\":\"db\"}", now.path("labels").toString());
    assertEquals("db", now.path("pool").asText());
    assertEquals(1, number("select turn from partition_offset"));
    assertEquals(-2, number("select catalogue_revision from installation"));
  }

  @Test
  void whoKnocksIsListedAndLetInByAPerson() throws Exception {
    SigningKey key = SigningKey.ofSeed(ByteString.fromHex("07".repeat(32)));
    UUID id = UUID.randomUUID();
    Knock knock =
        new Knock(id, key.publicKey().raw(), Instant.now(), true, "<i>web</i>", Optional.empty());
    var unused = transactions.run(c -> admissions.admit(c, knock));
    JsonNode list = api.json(200, "GET", "api/v1/knocking", viewer, null);
    assertEquals(1, list.path("count").asInt());
    assertEquals(key.publicKey().id(), list.path("items").path(0).path("key").asText());
    String fleet = api.send("GET", "", viewer, null).body();
    assertTrue(fleet.contains("1 installation reports and is not let in."), fleet);
    String page = api.send("GET", "enrolment", viewer, null).body();
    assertTrue(page.contains("&lt;i&gt;web&lt;/i&gt;"), page);
    String path = "api/v1/knocking/" + id + "/admission";
    String right =
        "{\"key\":\"" + key.publicKey().id() + "\",\"pool\":\"db\",\"reason\":\"compared\"}";
    assertEquals(403, api.send("POST", path, viewer, right).statusCode());
    api.json(409, "POST", path, olga, "{\"key\":\"00\",\"reason\":\"r\"}");
    api.json(200, "POST", path, olga, right);
    assertEquals(403, api.send("DELETE", path, viewer, null).statusCode());
    api.json(204, "DELETE", path, olga, null);
    api.json(404, "DELETE", path, olga, null);
    api.json(200, "POST", path, olga, right);
    assertTrue(
        api.json(200, "GET", "api/v1/knocking", viewer, null)
            .path("items")
            .path(0)
            .path("granted")
            .asBoolean());
    Admission admission = transactions.run(c -> admissions.admit(c, knock));
    assertTrue(
        admission instanceof Admission.Open open && open.pool().equals("db"), admission.toString());
  }

  private UUID seed(String name, String verdict) throws SQLException {
    try (Connection c = database.getConnection()) {
      return SeededFleet.one(c, name, "default", verdict, 0, List.of());
    }
  }

  private long number(String query) throws SQLException {
    try (Connection c = database.getConnection();
        Statement s = c.createStatement();
        var rows = s.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection c = database.getConnection();
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }
}
