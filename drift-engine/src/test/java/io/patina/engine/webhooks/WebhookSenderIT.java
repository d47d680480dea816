package io.patina.engine.webhooks;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpServer;
import io.patina.engine.Configured;
import io.patina.engine.database.Transactions;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls to a real receiver, as the reference implementation of Standard Webhooks verifies them. */
class WebhookSenderIT {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private record Call(Map<String, List<String>> headers, String body) {}

  private static EmbeddedPostgres postgres;
  private static HttpServer receiver;
  private static final LinkedBlockingQueue<Integer> ANSWERS = new LinkedBlockingQueue<>();
  private static final LinkedBlockingQueue<Call> CALLS = new LinkedBlockingQueue<>();

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
    Flyway.configure()
        .dataSource(postgres.getPostgresDatabase())
        .locations("classpath:db/migration")
        .load()
        .migrate();
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    receiver.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          CALLS.add(new Call(Map.copyOf(exchange.getRequestHeaders()), body));
          Integer answer = ANSWERS.poll();
          exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterAll
  static void stop() throws IOException {
    receiver.stop(0);
    postgres.close();
  }

  private static WebhookCalls calls(boolean allowLoopback) {
    WebhookConfig config =
        Configured.with(
            WebhookConfig.class,
            Map.of(
                "patina.webhook.url",
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                "patina.webhook.secret",
                SECRET,
                "patina.webhook.allow-loopback",
                String.valueOf(allowLoopback),
                "patina.webhook.first-pause",
                "0s"));
    return new WebhookCalls(new Webhooks(config), config);
  }

  private static Event verdict(UUID host, int number) {
    var data = new ObjectMapper().createObjectNode().put("verdict", "artisanal");
    return new Event(
        EventIds.of(host, number), host, host, Event.VERDICT_CHANGED, Instant.now(), data);
  }

  private static boolean callOne(WebhookCalls calls) throws SQLException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return new Transactions(postgres.getPostgresDatabase())
          .run(connection -> calls.callOne(connection, client));
    }
  }

  @Test
  void aChangeOfVerdictIsToldOnceSignedAndInOrderOverFailures() throws Exception {
    UUID host = UUID.randomUUID();
    new Transactions(postgres.getPostgresDatabase())
        .perform(c -> WebhookTable.enqueue(c, List.of(verdict(host, 1), verdict(host, 2))));
    ANSWERS.add(500);
    List<String> ids = new ArrayList<>();
    while (callOne(calls(true))) {
      Call call = CALLS.take();
      HttpHeaders headers = HttpHeaders.of(call.headers(), (n, v) -> true);
      assertDoesNotThrow(() -> new Webhook(SECRET).verify(call.body(), headers));
      JsonNode body = new ObjectMapper().readTree(call.body());
      assertEquals("io.patina.verdict.changed", body.path("type").asText());
      assertEquals(headers.firstValue("webhook-id").orElseThrow(), body.path("id").asText());
      ids.add(body.path("id").asText());
    }
    String first = EventIds.of(host, 1).toString();
    assertEquals(List.of(first, first, EventIds.of(host, 2).toString()), ids);
  }

  @Test
  void aReceiverOnThisMachineIsCalledOnlyIfThatIsAllowed() throws Exception {
    UUID host = UUID.randomUUID();
    Transactions transactions = new Transactions(postgres.getPostgresDatabase());
    transactions.perform(c -> WebhookTable.enqueue(c, List.of(verdict(host, 1))));
    assertTrue(callOne(calls(false)));
    assertEquals(0, CALLS.size());
    transactions.perform(
        c -> {
          try (var s = c.prepareStatement("delete from webhook_delivery where host = ?")) {
            s.setObject(1, host);
            s.executeUpdate();
          }
        });
  }
}
