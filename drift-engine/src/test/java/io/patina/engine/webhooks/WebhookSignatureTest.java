package io.patina.engine.webhooks;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What we sign, the reference implementation of Standard Webhooks accepts. */
class WebhookSignatureTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static HttpHeaders headers(String body, long seconds) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("webhook-id", List.of("an-id"));
    headers.put("webhook-timestamp", List.of(String.valueOf(seconds)));
    headers.put(
        "webhook-signature", List.of(WebhookSignature.of(SECRET).sign("an-id", seconds, bytes)));
    return HttpHeaders.of(headers, (name, value) -> true);
  }

  @Test
  void theReferenceImplementationAccepts() {
    long now = Instant.now().getEpochSecond();
    assertDoesNotThrow(
        () -> new Webhook(SECRET).verify("{\"a\":\"ä\"}", headers("{\"a\":\"ä\"}", now)));
  }

  @Test
  void itRefusesAnotherBody() {
    long now = Instant.now().getEpochSecond();
    assertThrows(
        WebhookVerificationException.class,
        () -> new Webhook(SECRET).verify("{\"a\":2}", headers("{\"a\":1}", now)));
  }

  @Test
  void aSecretThatIsTooShortIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> WebhookSignature.of("whsec_AAAA"));
    assertThrows(IllegalArgumentException.class, () -> WebhookSignature.of("secret"));
  }
}
