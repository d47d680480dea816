package io.patina.stack.line;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.patina.stack.line.LineState.HostVerdict;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the engine's API for the verdict of the one host that the local line observes. */
final class EngineVerdict implements Supervisor.VerdictSource {
  /** Verdicts that the engine gives before it has compared anything. */
  private static final List<String> NOT_YET = List.of("", "unobserved", "unbaselined", "updating");

  private static final int MOST_REASONS = 5;
  private static final JsonMapper JSON = new JsonMapper();

  private final URI hosts;
  private final Instant notBefore;

  /**
   * Asks {@code GET api/v1/hosts} below a page's address.
   *
   * @param page the engine's address, ending with a slash
   * @param notBefore a host that was last seen earlier does not count: on a second {@code up} the
   *     engine still knows what it was told before it was stopped
   */
  EngineVerdict(URI page, Instant notBefore) {
    this.hosts = page.resolve("api/v1/hosts");
    this.notBefore = notBefore;
  }

  @Override
  public Optional<HostVerdict> verdict() {
    HttpProbe.Answer answer;
    try {
      answer = HttpProbe.get(hosts);
    } catch (IOException e) {
      // The engine is starting or has just died; the supervisor hears of the latter by itself.
      return Optional.empty();
    }
    return answer.status() == 200 ? parse(answer.body(), notBefore) : Optional.empty();
  }

  /** The first host in an answer of the API that has been compared with a baseline. */
  static Optional<HostVerdict> parse(String body, Instant notBefore) {
    JsonNode items;
    try {
      items = JSON.readTree(body).path("items");
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    for (JsonNode item : items) {
      String verdict = text(item, "verdict");
      if (!NOT_YET.contains(verdict) && seenSince(item, notBefore)) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode reason : item.path("reasons")) {
          if (reasons.size() < MOST_REASONS) {
            reasons.add(reason.isTextual() ? reason.asText() : text(reason, "sentence"));
          }
        }
        return Optional.of(
            new HostVerdict(
                text(item, "name"),
                verdict,
                text(item, "sentence"),
                text(item, "recommendation"),
                reasons));
      }
    }
    return Optional.empty();
  }

  private static boolean seenSince(JsonNode host, Instant notBefore) {
    try {
      return !Instant.parse(text(host, "lastSeen")).isBefore(notBefore);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
