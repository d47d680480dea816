package io.patina.engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.engine.fleet.PostgresResource;
import io.patina.engine.fleet.SeededFleet;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dashboards and rules name is what a running engine exports. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class DashboardsIT {

  private static final Path DASHBOARDS = Path.of("..", "dashboards");
  private static final Path BOARD = DASHBOARDS.resolve("grafana/patina-fleet.json");
  private static final Path RULES = DASHBOARDS.resolve("prometheus/patina.rules.yml");
  private static final Path RULE_TESTS = DASHBOARDS.resolve("prometheus/patina.rules.test.yml");
  private static final Pattern METRIC = Pattern.compile("\\bpatina_[a-z_]+\\b");

  @Inject DataSource database;

  @TestHTTPResource("/")
  URI engine;

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void seed() throws Exception {
    try (Connection c = database.getConnection()) {
      SeededFleet.clear(c);
      SeededFleet.write(c, 500, 11);
    }
  }

  @Test
  void everyMetricNamedIsExported() throws Exception {
    Set<String> exported = new TreeSet<>();
    for (String line : get(engine.resolve("metrics")).lines().toList()) {
      if (line.startsWith("# TYPE patina_")) {
        exported.add(line.split(" ", 4)[2]);
      }
    }
    for (Path file : List.of(BOARD, RULES, RULE_TESTS)) {
      Matcher names = METRIC.matcher(Files.readString(file));
      int found = 0;
      while (names.find()) {
        assertTrue(
            exported.contains(names.group()), names.group() + " of " + file + " in " + exported);
        found++;
      }
      assertTrue(found > 0, file.toString());
    }
  }

  @Test
  void theDashboardIsOfTheFormThatFileProvisioningTakes() throws Exception {
    JsonNode board = new ObjectMapper().readTree(Files.readString(BOARD));
    assertTrue(board.path("schemaVersion").asInt() <= 42);
    assertFalse(board.has("spec"), "the v2 format is refused");
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode panel : board.path("panels")) {
      assertTrue(ids.add(panel.path("id").asInt()), "panel ids are unique");
      assertTrue(
          panel.path("gridPos").path("x").asInt() + panel.path("gridPos").path("w").asInt() <= 24);
      assertFalse(panel.path("title").asText().isEmpty());
    }
  }

  @Test
  void theRulesHold() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/promtool")),
        "promtool is not installed (package prometheus)");
    run("/usr/bin/promtool", "check", "rules", RULES.toString());
    run("/usr/bin/promtool", "test", "rules", RULE_TESTS.toString());
  }

  @Test
  void aRealPrometheusAnswersEveryQueryOfTheDashboard() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/prometheus")),
        "prometheus is not installed (package prometheus)");
    int port = freePort();
    Path config = directory.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ['%s']
        scrape_configs:
          - job_name: patina-engine
            static_configs: [{targets: ['%s']}]
        """
            .formatted(RULES.toAbsolutePath().normalize(), engine.getAuthority()));
    Process prometheus =
        new ProcessBuilder(
                "/usr/bin/prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("prometheus.log").toFile())
            .start();
    try {
      URI api = URI.create("http://127.0.0.1:" + port + "/api/v1/");
      await(prometheus, () -> query(api, "patina_hosts").size() > 0);
      await(prometheus, () -> query(api, "ALERTS{alertname=\"HostBecameArtisanal\"}").size() > 0);
      for (String expression : expressions()) {
        // Fails unless Prometheus could parse and evaluate it.
        JsonNode result = query(api, expression);
        if (expression.contains("patina_host")) {
          assertTrue(result.size() > 0, "no answer to " + expression);
        }
      }
      assertEquals(
          500,
          query(api, "sum(max by (verdict, pool, baseline) (patina_hosts))")
              .path(0)
              .path("value")
              .path(1)
              .asInt());
    } finally {
      prometheus.destroy();
      if (!prometheus.waitFor(20, TimeUnit.SECONDS)) {
        prometheus.destroyForcibly();
      }
    }
  }

  private static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    JsonNode board = new ObjectMapper().readTree(Files.readString(BOARD));
    for (JsonNode panel : board.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        expressions.add(
            target.path("expr").asText().replace("$__rate_interval", "1m").replace("$pool", ".*"));
      }
    }
    assertTrue(expressions.size() > 10);
    return expressions;
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private void await(Process process, Check check) throws Exception {
    Instant end = Instant.now().plus(Duration.ofSeconds(90));
    while (true) {
      assertTrue(process.isAlive(), () -> log());
      try {
        if (check.holds()) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
      assertTrue(Instant.now().isBefore(end), () -> "prometheus has no figures: " + log());
      LockSupport.parkNanos(200_000_000);
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("prometheus.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private JsonNode query(URI api, String expression) throws Exception {
    String answer =
        get(api.resolve("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)));
    JsonNode root = new ObjectMapper().readTree(answer);
    assertEquals("success", root.path("status").asText(), expression + " " + answer);
    return root.path("data").path("result");
  }

  private String get(URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void run(String... command) throws Exception {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), output);
  }
}
