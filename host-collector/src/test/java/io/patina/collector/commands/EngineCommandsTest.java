package io.patina.collector.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of baseline that ask an engine, against a server that answers as one does. */
class EngineCommandsTest {

  private static final String ID = "00000000-0000-0001-0000-000000000002";
  private static final String EXPLAINED =
      """
      {"name": "h", "sentence": "web 1 applies, of 2 candidates.", "applies": {"name": "web"},
       "forOthers": 3, "candidates": [
        {"name": "web", "version": "1", "state": "active", "precedence": 1, "applies": true,
         "why": "the highest"},
        {"name": "all\\u001b[31m", "version": "1", "state": "active", "precedence": 0,
         "applies": false, "why": "precedence 0 is below 1 of web 1"}]}
      """;

  @TempDir Path directory;

  private final List<String> asked = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Files.writeString(directory.resolve("token"), "patina_secret\n");
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void explainTakesANameOrAnId() throws IOException {
    answer(
        "/api/v1/hosts",
        200,
        "{\"items\":[{\"name\":\"h2\"},{\"name\":\"h\",\"id\":\"" + ID + "\"}]}");
    answer("/api/v1/hosts/" + ID + "/baseline", 200, EXPLAINED);
    Answer byName = run("explain", "h", "--server", url());
    assertEquals(0, byName.exit(), byName.err());
    assertEquals(
        """
        h: web 1 applies, of 2 candidates.
        * web 1 (active, precedence 1): the highest
          all\\x1b[31m 1 (active, precedence 0): precedence 0 is below 1 of web 1
          and 3 for one other installation each
        """,
        byName.out());
    Answer json = run("explain", ID, "--server", url(), "--format", "json");
    assertEquals(new ObjectMapper().readTree(EXPLAINED), new ObjectMapper().readTree(json.out()));
  }

  @Test
  void explainSaysWhenNoneAppliesOrNoHostIsMeant() throws IOException {
    answer("/api/v1/hosts", 200, "{\"items\":[]}");
    answer("/api/v1/hosts/" + ID + "/baseline", 200, "{\"name\":\"h\",\"sentence\":\"None.\"}");
    assertEquals(1, run("explain", ID, "--server", url()).exit());
    Answer unknown = run("explain", "nobody", "--server", url());
    assertEquals(2, unknown.exit());
    assertTrue(unknown.err().contains("no host is called nobody"), unknown.err());
  }

  @Test
  void aStepCarriesTheTokenAndTheReason() throws IOException {
    answer("/api/v1/baselines/web/2/approval", 200, "{\"state\":\"approved\"}");
    Answer approved =
        run(
            "approve",
            "web",
            "2",
            "--reason",
            "reviewed",
            "--precedence",
            "5",
            "--server",
            url(),
            "--token-file",
            directory.resolve("token").toString());
    assertEquals(0, approved.exit(), approved.err());
    assertEquals("web 2 is approved now\n", approved.out());
    assertEquals(
        List.of(
            "POST /api/v1/baselines/web/2/approval Bearer patina_secret"
                + " {\"reason\":\"reviewed\",\"precedence\":5}"),
        asked);
  }

  @Test
  void aRolloutIsStartedWithItsWavesAndShown() throws IOException {
    String stands =
        """
        {"state": "under-way", "sentence": "From 1 to 2, wave 1 of 2: 1 of 2 hosts are there.",
         "possible": ["advance", "pause"], "waves": [
          {"number": 1, "labels": {"ring": "canary"}, "within": "PT2H", "late": 1, "ahead": 0,
           "deadline": "2026-11-25T20:00:00Z",
           "progress": {"hosts": 2, "onNew": 1, "onOld": 0, "mixture": 1, "unseen": 0}},
          {"number": 2, "percent": 100, "within": "PT24H", "late": 0, "ahead": 3,
           "progress": {"hosts": 8, "onNew": 3, "onOld": 5, "mixture": 0, "unseen": 0}}],
         "others": {"hosts": 0}}
        """;
    answer("/api/v1/baselines/web/2/rollout", 200, stands);
    Answer started =
        run(
            "rollout",
            "start",
            "web",
            "2",
            "--wave",
            "ring=canary,2h",
            "--wave",
            "100%,24h",
            "--by-itself",
            "--reason",
            "change 17",
            "--server",
            url());
    assertEquals(0, started.exit(), started.err());
    assertEquals(
        List.of(
            "POST /api/v1/baselines/web/2/rollout null {\"reason\":\"change 17\",\"waves\":["
                + "{\"labels\":{\"ring\":\"canary\"},\"within\":\"PT2H\"},"
                + "{\"percent\":100,\"within\":\"PT24H\"}],\"byItself\":true}"),
        asked);
    Answer status = run("rollout", "status", "web", "2", "--server", url());
    assertEquals(1, status.exit(), "one is late");
    assertEquals(
        """
        web 2 (under-way): From 1 to 2, wave 1 of 2: 1 of 2 hosts are there.
          wave 1 (ring=canary, until 2026-11-25T20:00:00Z): 1 of 2 hosts on the new version, 0 on the old, 1 between, 1 late
          wave 2 (100 %, not reached, then PT24H): 3 of 8 hosts on the new version, 5 on the old, 3 ahead
        possible now: advance, pause
        """,
        status.out());
    answer("/api/v1/baselines/web/2/rollout/pause", 409, "{\"detail\":\"It is paused already.\"}");
    Answer refused = run("rollout", "pause", "web", "2", "--reason", "x", "--server", url());
    assertEquals("refused: It is paused already.\n", refused.out());
    Answer wrong = run("rollout", "start", "web", "2", "--wave", "all", "--reason", "x");
    assertEquals(2, wrong.exit());
    assertTrue(wrong.err().contains("'all' is no wave"), wrong.err());
  }

  @Test
  void previewTellsChangesByPool() throws IOException {
    String foreseen =
        """
        {"hosts": 900, "note": "A sample.", "pools": [{"name": "web", "behind": 2, "changes": [
          {"from": "conforming", "to": "drifting", "hosts": 3, "examples": [{"name": "w1"}]},
          {"from": "drifting", "to": "drifting", "hosts": 1, "examples": [{"name": "w2"}]}]}]}
        """;
    answer("/api/v1/baselines/web/2/preview", 200, foreseen);
    Answer preview = run("preview", "web", "2", "--server", url());
    assertEquals(1, preview.exit(), preview.err());
    assertEquals(
        """
        web 2 selects 900 hosts. A sample.
        web:
          3 conforming -> drifting, such as w1
          1 stay drifting, such as w2
          2 have another baseline that goes first
        """,
        preview.out());
    Answer json = run("preview", "web", "2", "--server", url(), "--format", "json");
    assertEquals(new ObjectMapper().readTree(foreseen), new ObjectMapper().readTree(json.out()));
  }

  @Test
  void whatTheEngineRefusesIsSaidInItsWords() throws IOException {
    answer("/api/v1/baselines/web/2/activation", 409, "{\"detail\":\"It is draft.\"}");
    Answer refused = run("activate", "web", "2", "--reason", "x", "--server", url());
    assertEquals(1, refused.exit());
    assertEquals("refused: It is draft.\n", refused.out());
  }

  @Test
  void aTokenDoesNotCrossTheNetworkInTheClear() {
    Answer clear =
        run(
            "retire",
            "web",
            "2",
            "--reason",
            "x",
            "--server",
            "http://192.0.2.1",
            "--token-file",
            directory.resolve("token").toString());
    assertEquals(2, clear.exit());
    assertTrue(clear.err().contains("use https"), clear.err());
    Answer nowhere = run("retire", "web", "2", "--reason", "x", "--server", "patina");
    assertTrue(nowhere.err().contains("--server is an address"), nowhere.err());
    answer("/", 200, "<html>");
    Answer other = run("retire", "web", "2", "--reason", "x", "--server", url());
    assertEquals(2, other.exit());
    assertTrue(other.err().contains("is it Patina's engine?"), other.err());
  }

  private void answer(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          String authorisation = exchange.getRequestHeaders().getFirst("Authorization");
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI().getPath()
                  + " "
                  + authorisation
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static Answer run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("baseline"));
    all.addAll(Arrays.asList(arguments));
    return Answer.to(all);
  }
}
