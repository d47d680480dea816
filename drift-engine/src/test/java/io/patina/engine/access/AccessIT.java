package io.patina.engine.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.database.Transactions;
import io.patina.engine.fleet.Api;
import io.patina.engine.fleet.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens and roles over HTTP, on a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class AccessIT {

  /** Other ways to write the address of the tokens. */
  static final Set<String> ROUNDABOUT =
      Set.of(
          "/api/v1/%74okens",
          "/api/v1//tokens",
          "//api/v1/tokens",
          "/api/v1/tokens;a=b",
          "/api/v1/tokens;a%2Fb",
          "/q/health/%2e%2e/%2e%2e/api/v1/tokens",
          "/api/v1;x/tokens/",
          "/api/v1/hosts/../tokens",
          "/api/v1/./tokens",
          "/api/v1/hosts/%2e%2e/tokens",
          "/api/v1%2Ftokens");

  @Inject DataSource database;
  @Inject Transactions transactions;

  @SuppressWarnings("NullAway.Init") // Quarkus sets it before each test.
  @TestHTTPResource("/")
  URI engine;

  @SuppressWarnings("NullAway.Init")
  private Api api;

  @BeforeEach
  void connect() {
    api = new Api(engine);
  }

  @Test
  void theTokenFilesHolderMakesTheFirstToken() throws Exception {
    JsonNode made =
        api.json(
            201,
            "POST",
            "api/v1/tokens",
            PostgresResource.TOKEN,
            "{\"subject\":\"alice@example.org\",\"roles\":[\"viewer\",\"approver\"],\"days\":7}");
    String token = made.path("token").asText();
    assertTrue(token.startsWith("patina_"), token);
    JsonNode me = api.json(200, "GET", "api/v1/me", token, null);
    assertEquals("alice@example.org", me.path("subject").asText());
    assertEquals("token", me.path("means").asText());
    assertEquals("[\"approver\",\"viewer\"]", me.path("roles").toString());
    assertEquals(403, api.send("POST", "api/v1/tokens", token, "{}").statusCode());
    JsonNode listed = api.json(200, "GET", "api/v1/tokens", PostgresResource.TOKEN, null);
    assertFalse(listed.toString().contains(token), "a token's text is shown once");
  }

  @Test
  void onlyADigestIsAtRest() throws Exception {
    String token = api.token("bob", "viewer");
    try (Connection c = database.getConnection();
        Statement s = c.createStatement();
        ResultSet r =
            s.executeQuery(
                "select a::text, length(digest) from access_token a where subject = 'bob'")) {
      assertTrue(r.next());
      assertFalse(r.getString(1).contains(token.substring("patina_".length())));
      assertEquals(32, r.getInt(2));
    }
  }

  @Test
  void aRevokedTokenCountsNoMoreFromTheNextRequestOn() throws Exception {
    JsonNode made =
        api.json(
            201,
            "POST",
            "api/v1/tokens",
            PostgresResource.TOKEN,
            "{\"subject\":\"carol\",\"roles\":[\"auditor\"]}");
    String token = made.path("token").asText();
    String path = "api/v1/tokens/" + made.path("id").asText();
    api.json(200, "GET", "api/v1/audit", token, null);
    api.json(204, "DELETE", path, PostgresResource.TOKEN, null);
    api.json(204, "DELETE", path, PostgresResource.TOKEN, null);
    JsonNode refused = api.json(401, "GET", "api/v1/audit", token, null);
    assertTrue(refused.path("detail").asText().contains("was revoked"), refused.toString());
    JsonNode audit = api.json(200, "GET", "api/v1/audit", PostgresResource.TOKEN, null);
    JsonNode latest = audit.path("items").path(0);
    assertEquals("token.revoked", latest.path("action").asText());
    assertEquals("token-file", latest.path("subject").asText());
    assertEquals("carol", latest.path("data").path("subject").asText());
  }

  /** Who says whose a group is, is who asks: nobody speaks for another. */
  @Test
  void nobodyAcknowledgesInAnothersName() throws Exception {
    String path = "api/v1/groups/0b6f7a52-0000-4000-8000-00000000dead/acknowledgement";
    String operator = api.token("erin", "operator");
    JsonNode refused =
        api.json(400, "POST", path, operator, "{\"by\":\"frank\",\"authorised\":true}");
    assertTrue(refused.path("detail").asText().contains("erin"), refused.toString());
    api.json(404, "POST", path, operator, "{\"authorised\":true}");
    api.json(400, "POST", path, PostgresResource.TOKEN, "{\"authorised\":true}");
    String viewer = api.token("gina", "viewer");
    assertEquals(403, api.send("POST", path, viewer, "{\"authorised\":true}").statusCode());
  }

  @Test
  void aTokenEndsWithItsLastMoment() throws Exception {
    Instant noon = Instant.parse("2026-11-25T12:00:00Z");
    Caller keeper = new Caller("token-file", Caller.Means.TOKEN_FILE, Set.of());
    Tokens.Made made =
        new Tokens(transactions, Clock.fixed(noon, ZoneOffset.UTC))
            .make("dave", Set.of(Role.VIEWER), "", Duration.ofDays(1), keeper);
    Instant end = noon.plus(Duration.ofDays(1));
    Tokens before = new Tokens(transactions, Clock.fixed(end.minusMillis(1), ZoneOffset.UTC));
    Tokens after = new Tokens(transactions, Clock.fixed(end, ZoneOffset.UTC));
    assertTrue(before.know(made.text()) instanceof Tokens.Valid);
    assertTrue(after.know(made.text()) instanceof Tokens.Invalid);
  }

  @Test
  void whatIsAskedWronglyIsAProblemThatSaysWhatIsRight() throws Exception {
    for (String[] wrong :
        new String[][] {
          {"{\"subject\":\"x\",\"roles\":[\"root\"]}", "roles is one or more of viewer"},
          {"{\"subject\":\"x\",\"roles\":[]}", "roles is one or more of viewer"},
          {"{\"subject\":\"\\n\",\"roles\":[\"viewer\"]}", "subject is text"},
          {"{\"subject\":\"a\\u0000b\",\"roles\":[\"viewer\"]}", "subject is text"},
          {"{\"subject\":\"x\",\"roles\":[\"viewer\"],\"days\":0}", "days is 1 to 366"}
        }) {
      JsonNode problem = api.json(400, "POST", "api/v1/tokens", PostgresResource.TOKEN, wrong[0]);
      assertTrue(problem.path("detail").asText().contains(wrong[1]), problem.toString());
    }
    api.json(401, "GET", "api/v1/hosts", "patina_nonsense", null);
    api.json(401, "POST", "api/v1/tokens", null, "{}");
  }

  @Test
  void noWayOfWritingAnAddressGetsAroundItsRule() throws Exception {
    String viewer = api.token("frank", "viewer");
    for (String path : ROUNDABOUT) {
      String head =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + "Authorization: Bearer "
              + viewer
              + "\r\n\r\n";
      try (Socket socket = new Socket(engine.getHost(), engine.getPort())) {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(answer.startsWith("HTTP/1.1 4"), path + ": " + answer);
      }
    }
  }

  @Test
  void everyEndpointHasItsRuleAndEveryRuleItsEndpoint() throws Exception {
    JsonNode paths = api.json(200, "GET", "api/v1/openapi?format=json", null, null).path("paths");
    Set<String> unruled = new TreeSet<>();
    Set<String> served = new TreeSet<>();
    paths
        .properties()
        .forEach(
            p ->
                p.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        m -> {
                          String method = m.toUpperCase(Locale.ROOT);
                          served.add(method + " " + p.getKey());
                          String path = p.getKey().replaceAll("[{][^}]*[}]", "x");
                          if (Permissions.RULES.stream().noneMatch(r -> r.isFor(method, path))) {
                            unruled.add(method + " " + p.getKey());
                          }
                        }));
    assertEquals(Set.of(), unruled, "give them a line in Permissions");
    for (Permissions.Rule rule : Permissions.RULES) {
      if (!rule.path().endsWith("**")) {
        assertTrue(served.contains(rule.method() + " " + rule.path()), rule + " is served nowhere");
      }
    }
  }

  @Test
  void theAuditHistoryIsAppendedToOnly() throws Exception {
    var unused = api.token("erin", "viewer");
    for (String change :
        Set.of("update audit set why = ''", "delete from audit", "truncate audit")) {
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
      assertTrue(String.valueOf(e.getMessage()).contains("appended to only"), change);
    }
  }
}
