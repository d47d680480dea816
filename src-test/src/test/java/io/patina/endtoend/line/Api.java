package io.patina.endtoend.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine's HTTP interface as any client sees it. */
public final class Api {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final URI base;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();

  /** An answer of any status. */
  public record Answer(int status, String body) {
    public JsonNode json() throws IOException {
      return JSON.readTree(body);
    }
  }

  /** A client of the server at this address, which ends with a slash. */
  public Api(URI base) {
    this.base = base;
  }

  /** GET of a path without a slash at its beginning. */
  public Answer get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT).build(),
            HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), answer.body());
  }

  /** POST of JSON with a bearer token. */
  public Answer post(String path, String token, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(base.resolve(path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), answer.body());
  }

  /** GET that must be answered by 200 and JSON. */
  public JsonNode json(String path) throws IOException, InterruptedException {
    Answer answer = get(path);
    if (answer.status() != 200) {
      throw new IOException(path + " answers " + answer.status() + ": " + answer.body());
    }
    return answer.json();
  }

  /** All items of a list, following its cursor. */
  public List<JsonNode> all(String path) throws IOException, InterruptedException {
    List<JsonNode> items = new ArrayList<>();
    String next = path + (path.contains("?") ? "&" : "?") + "limit=200";
    Optional<String> cursor = Optional.empty();
    do {
      JsonNode page =
          json(
              cursor.isEmpty()
                  ? next
                  : next + "&cursor=" + URLEncoder.encode(cursor.get(), StandardCharsets.UTF_8));
      page.path("items").forEach(items::add);
      cursor =
          page.path("next").isTextual()
              ? Optional.of(page.path("next").asText())
              : Optional.empty();
    } while (cursor.isPresent());
    return items;
  }

  public List<JsonNode> hosts() throws IOException, InterruptedException {
    return all("api/v1/hosts");
  }

  /** The host whose current installation has this id (hexadecimal, with or without dashes). */
  public Optional<JsonNode> installation(String hex) throws IOException, InterruptedException {
    return hosts().stream()
        .filter(h -> h.path("installation").asText().replace("-", "").equals(hex))
        .findFirst();
  }

  /** The host of this name. */
  public Optional<JsonNode> named(String name) throws IOException, InterruptedException {
    return hosts().stream().filter(h -> h.path("name").asText().equals(name)).findFirst();
  }

  /** Deviations of a host; state is open or all. */
  public List<JsonNode> deviations(String host, String state)
      throws IOException, InterruptedException {
    return all("api/v1/hosts/" + host + "/deviations?state=" + state);
  }

  /** Open deviations as "facet key kind", sorted. */
  public List<String> open(String host) throws IOException, InterruptedException {
    return deviations(host, "open").stream().map(Api::line).sorted().toList();
  }

  /** A deviation as "facet key kind". */
  public static String line(JsonNode deviation) {
    return deviation.path("facet").asText()
        + " "
        + deviation.path("key").asText()
        + " "
        + deviation.path("kind").asText();
  }

  public List<JsonNode> timeline(String host) throws IOException, InterruptedException {
    return all("api/v1/hosts/" + host + "/timeline");
  }

  /** The sample of a metric with these labels (in Prometheus text form); empty if there is none. */
  public Optional<Double> metric(String nameAndLabels) throws IOException, InterruptedException {
    return get("metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(nameAndLabels + " "))
        .map(line -> Double.valueOf(line.substring(nameAndLabels.length() + 1)))
        .findFirst();
  }
}
