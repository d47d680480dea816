package io.patina.engine.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls the engine's API in tests. */
public final class Api {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI engine;
  private final HttpClient client = HttpClient.newHttpClient();

  public Api(URI engine) {
    this.engine = engine;
  }

  /** Sends a request; null for no token and no body. */
  public HttpResponse<String> send(
      String method, String path, @Nullable String token, @Nullable String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(engine.resolve(path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The answer to a request that must succeed with that status. */
  public JsonNode json(
      int status, String method, String path, @Nullable String token, @Nullable String body)
      throws Exception {
    HttpResponse<String> answer = send(method, path, token, body);
    assertEquals(status, answer.statusCode(), method + " " + path + " " + answer.body());
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  /** Makes a token by the token file's. */
  public String token(String subject, String... roles) throws Exception {
    String body =
        JSON.createObjectNode()
            .put("subject", subject)
            .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                "roles", JSON.valueToTree(List.of(roles)))
            .toString();
    return json(201, "POST", "api/v1/tokens", PostgresResource.TOKEN, body).path("token").asText();
  }
}
