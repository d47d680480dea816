package io.patina.collector.asking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The engine that a command asks over HTTP, and how its options name it. */
public final class Engine {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 16 << 20;
  private static final int LONGEST_TOKEN = 16_384;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Option(
      names = "--server",
      required = true,
      paramLabel = "URL",
      description = "The engine, such as https://patina.example.org.")
  private URI server = URI.create("");

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the bearer token; not needed to read on loopback.")
  private @Nullable Path tokenFile;

  /**
   * What the engine answered.
   *
   * @param status HTTP status
   * @param body the answer, or the problem that it tells
   */
  public record Reply(int status, JsonNode body) {
    public boolean succeeded() {
      return status >= 200 && status < 300;
    }

    /** What is wrong, in the engine's words. */
    public String problem() {
      String detail = body.path("detail").asText("");
      return detail.isEmpty() ? "the engine answered with HTTP " + status : detail;
    }
  }

  /** Reads. */
  public Reply get(String path) throws CommandFailure {
    return send("GET", path, null);
  }

  /** Writes. */
  public Reply post(String path, JsonNode body) throws CommandFailure {
    return send("POST", path, body);
  }

  /** Writes all of something. */
  public Reply put(String path, JsonNode body) throws CommandFailure {
    return send("PUT", path, body);
  }

  /** Takes something away. */
  public Reply delete(String path) throws CommandFailure {
    return send("DELETE", path, null);
  }

  /**
   * The id of a host.
   *
   * @param host its id or its name
   * @throws CommandFailure if none is called so, or several are
   */
  public String host(String host) throws CommandFailure {
    try {
      return UUID.fromString(host).toString();
    } catch (IllegalArgumentException e) {
      // A name, then.
    }
    Reply found = get("api/v1/hosts?limit=500&q=" + encoded(host));
    if (!found.succeeded()) {
      throw new CommandFailure(found.problem());
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode h : found.body().path("items")) {
      if (h.path("name").asText().equals(host)) {
        ids.add(h.path("id").asText());
      }
    }
    if (ids.isEmpty()) {
      throw new CommandFailure("no host is called " + host);
    }
    if (ids.size() > 1) {
      throw new CommandFailure(
          "several hosts are called " + host + ", give an id: " + String.join(", ", ids));
    }
    return UUID.fromString(ids.getFirst()).toString();
  }

  /** A text as one part of an address, or as a parameter. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Reply send(String method, String path, @Nullable JsonNode body) throws CommandFailure {
    URI address = address(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    Path file = tokenFile;
    if (file != null) {
      request.header("Authorization", "Bearer " + token(file));
    }
    // Redirects are not followed: the token is for this server.
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
      byte[] bytes;
      try (InputStream in = answer.body()) {
        bytes = in.readNBytes(MOST_BYTES + 1);
      }
      if (bytes.length > MOST_BYTES) {
        throw new CommandFailure(address + " answers with more than 16 MiB");
      }
      return new Reply(answer.statusCode(), bytes.length == 0 ? JSON.nullNode() : json(bytes));
    } catch (JsonProcessingException e) {
      throw new CommandFailure(address + " does not answer in JSON: is it Patina's engine?", e);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new CommandFailure("cannot ask " + address + ": " + why, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  private static JsonNode json(byte[] bytes) throws IOException {
    return JSON.readTree(bytes);
  }

  private URI address(String path) throws CommandFailure {
    String scheme = String.valueOf(server.getScheme());
    if (server.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new CommandFailure("--server is an address such as https://patina.example.org");
    }
    if (scheme.equals("http") && tokenFile != null && !isLoopback(server.getHost())) {
      throw new CommandFailure(
          "--server: the token would cross the network in the clear; use https");
    }
    String base = server.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + path);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // The request itself will say so.
      return false;
    }
  }

  private static String token(Path file) throws CommandFailure {
    try {
      if (Files.size(file) > LONGEST_TOKEN) {
        throw new CommandFailure(file + " is too long for a token");
      }
      String token = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new CommandFailure(file + " does not hold one token");
      }
      return token;
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
