package io.patina.engine.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.engine.fleet.PostgresResource;
import io.patina.engine.fleet.SeededFleet;
import io.patina.engine.fleet.SeededFleet.Drift;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages over HTTP and in a real browser. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class PagesIT {

  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  /** Changes the title if any of it runs. */
  private static final String HOSTILE =
      "\"'><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
          + "<svg onload=\"document.title='taken'\">\u202e";

  @Inject DataSource database;

  @SuppressWarnings("NullAway.Init") // Quarkus sets it before each test.
  @TestHTTPResource("/")
  URI engine;

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private UUID hostile = new UUID(0, 0);

  @BeforeEach
  void seed() throws Exception {
    try (Connection c = database.getConnection()) {
      SeededFleet.clear(c);
      SeededFleet.write(c, 100, 5);
      hostile =
          SeededFleet.one(
              c,
              HOSTILE,
              HOSTILE,
              "drifting",
              99,
              List.of(
                  new Drift(
                      "file",
                      "/tmp/" + HOSTILE,
                      "unexpected",
                      "{}",
                      "{\"type\":\"file\",\"target\":\"<script>document.title='taken'</script>\"}",
                      "",
                      "unpackaged-file")));
    }
  }

  @Test
  void everyPageAnswersAndSaysWhatMayRunOnIt() throws Exception {
    for (String path :
        List.of(
            "",
            "hosts",
            "hosts?q=web&verdict=conforming",
            "hosts/" + hostile,
            "baselines",
            "decisions",
            "baselines/debian-12-fleet/2026.11.3",
            "assets/patina.css",
            "assets/patina.js")) {
      HttpResponse<String> answer = get(path);
      assertEquals(200, answer.statusCode(), path);
      String policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.contains("default-src 'none'"), path);
      assertFalse(policy.contains("unsafe"), path);
      assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
      assertFalse(Pattern.compile("<[^>]* style=").matcher(answer.body()).find(), path);
      assertFalse(Pattern.compile("<[^>]* on[a-z]+=\"").matcher(answer.body()).find(), path);
    }
    HttpResponse<String> missing = get("hosts/" + UUID.randomUUID());
    assertEquals(404, missing.statusCode());
    assertTrue(missing.body().contains("No host has this id"), missing.body());
    assertEquals(400, get("hosts?verdict=nonsense").statusCode());
  }

  @Test
  void hostileTextIsTextInARealBrowser() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(BROWSER), "chromium is not installed (package chromium)");
    for (String path : List.of("hosts/" + hostile, "", "hosts?q=%3Cscript%3E")) {
      String dom = dom(path);
      assertEquals(1, count(dom, "<script"), path);
      assertEquals(0, count(dom, "<img"), path);
      assertEquals(0, count(dom, "<svg onload"), path);
      assertFalse(dom.contains("<title>taken"), path);
      assertFalse(dom.contains("\u202e"), path);
      assertTrue(dom.contains("&lt;script&gt;"), path);
    }
  }

  @Test
  @Timeout(60)
  void anOpenPageHearsOfADeviation() throws Exception {
    HttpResponse<InputStream> stream =
        client.send(
            HttpRequest.newBuilder(engine.resolve("live?host=" + hostile)).build(),
            BodyHandlers.ofInputStream());
    assertEquals(200, stream.statusCode());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < 3; i++) {
        record(hostile);
        awaitChanged(lines);
      }
    }
  }

  private static void awaitChanged(BufferedReader lines) throws Exception {
    String line = lines.readLine();
    while (line != null && !line.strip().equals("event:changed")) {
      line = lines.readLine();
    }
    assertTrue(line != null, "the stream ended");
  }

  private void record(UUID host) throws Exception {
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                insert into event (id, host, installation, kind, observed_at, data)
                select gen_random_uuid(), host, id, 'deviation.opened', now(),
                  '{"facet":"file","key":"/etc/motd","kind":"changed"}'
                from installation where host = ?
                """)) {
      s.setObject(1, host);
      assertEquals(1, s.executeUpdate());
    }
  }

  private String dom(String path) throws Exception {
    Process browser =
        new ProcessBuilder(
                BROWSER.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + Files.createTempDirectory(directory, "profile"),
                "--dump-dom",
                engine.resolve(path).toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String dom = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(browser.waitFor(60, TimeUnit.SECONDS), "the browser does not end");
      return dom;
    } finally {
      browser.destroyForcibly();
    }
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(engine.resolve(path)).timeout(Duration.ofSeconds(30)).build(),
        BodyHandlers.ofString());
  }
}
