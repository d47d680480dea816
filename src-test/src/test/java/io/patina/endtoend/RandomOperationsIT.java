package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.endtoend.hosts.CollectingHost;
import io.patina.endtoend.hosts.DebianRoot;
import io.patina.endtoend.hosts.FileOperations;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.RunningPart;
import io.patina.endtoend.line.TestLine;
import io.patina.facts.Attributes;
import io.patina.manifest.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random operations by several processes at once on a real Debian host: when it has
 * settled, what the engine holds is what a capture finds that was made independently.
 *
 * <p>Rescans are ten minutes apart, so that only notices, and the rescans that they themselves ask
 * for, can be what brought it there. With {@code -Dpatina.operations=N} another number of
 * operations, with {@code -Dpatina.seed=N} other ones.
 */
class RandomOperationsIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int PROCESSES = 4;
  private static final int OPERATIONS = Integer.getInteger("patina.operations", 10_000);

  /** With kills a smaller number has to do, or the suite would be too slow. */
  private static final int OPERATIONS_WITH_KILLS = Integer.getInteger("patina.operations", 4_000);

  private static final long SEED = Long.getLong("patina.seed", 20_261_125);

  /**
   * The last one is outside of the scope: what moves there is gone, what comes from there is new.
   */
  private static final List<String> DIRECTORIES =
      List.of("/etc/random", "/usr/local/random", "/var/lib/random");

  private static TestLine line;
  private static RunningPart broker;

  @BeforeAll
  static void start() throws Exception {
    DebianRoot.obstacle().ifPresent(Assumptions::abort);
    line = TestLine.create("random");
    var unusedDatabase = line.database();
    broker = line.broker();
    var unusedEngine = line.engine();
  }

  @AfterAll
  static void stop() throws IOException {
    if (line != null) {
      line.close();
    }
  }

  @Test
  void underFanotifyTheEngineHoldsWhatACaptureFinds() throws Exception {
    underWatch("fanotify");
  }

  @Test
  void underInotifyTheEngineHoldsWhatACaptureFinds() throws Exception {
    underWatch("inotify");
  }

  private static void underWatch(String watch) throws Exception {
    try (CollectingHost debian = new CollectingHost(line)) {
      debian.collect(false, Map.of("watch", watch));
      JsonNode host = known(debian);
      List<Process> programs = launch(debian, OPERATIONS, SEED);
      finish(programs);
      converge(debian, host);
      JsonNode coverage = now(host).path("coverage");
      assertEquals(watch, coverage.path("watching").asText());
    }
  }

  @Test
  void whateverIsKilledMeanwhileTheEngineHoldsWhatACaptureFinds() throws Exception {
    Random random = new Random(SEED);
    try (CollectingHost debian = new CollectingHost(line)) {
      debian.collect(false, Map.of());
      JsonNode host = known(debian);
      for (int round = 0; round < 4; round++) {
        List<Process> programs = launch(debian, OPERATIONS_WITH_KILLS / 4, SEED + round + 1);
        programs.get(random.nextInt(PROCESSES)).waitFor(random.nextInt(1500), MILLISECONDS);
        boolean collectorDies = round % 2 == 0;
        if (collectorDies) {
          debian.kill();
        } else {
          broker.kill();
        }
        programs.getFirst().waitFor(random.nextInt(1500), MILLISECONDS);
        if (collectorDies) {
          debian.start();
        } else {
          broker = line.broker();
        }
        finish(programs);
      }
      converge(debian, host);
    }
  }

  private static final java.util.concurrent.TimeUnit MILLISECONDS =
      java.util.concurrent.TimeUnit.MILLISECONDS;

  private static JsonNode known(CollectingHost debian) {
    return Await.value(
        "the host " + debian.host().name() + " is known and proven",
        LIMIT,
        () ->
            line.api()
                .named(debian.host().name())
                .filter(h -> h.path("sync").path("state").asText().equals("proven")));
  }

  private static JsonNode now(JsonNode host) throws IOException, InterruptedException {
    return line.api().json("api/v1/hosts/" + host.path("id").asText());
  }

  private static List<Process> launch(CollectingHost debian, int operations, long seed)
      throws IOException {
    List<Process> running = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  String.valueOf(seed * PROCESSES + i),
                  String.valueOf(operations / PROCESSES),
                  "p" + i));
      arguments.addAll(DIRECTORIES);
      running.add(
          new ProcessBuilder(debian.program(FileOperations.class, arguments.toArray(String[]::new)))
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .start());
    }
    return running;
  }

  private static void finish(List<Process> programs) throws IOException, InterruptedException {
    for (Process each : programs) {
      String said = new String(each.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, each.waitFor(), said);
      Files.writeString(
          line.data().logs().resolve("operations.log"),
          said,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  /** The host is at rest now; what is captured first is what has to arrive. */
  private static void converge(CollectingHost debian, JsonNode host) throws Exception {
    Manifest captured = debian.capture();
    String fingerprint = captured.hash().fingerprint().hex();
    UUID installation = UUID.fromString(host.path("installation").asText());
    try {
      Await.equal(
          "the engine has the fingerprint of what was captured",
          LIMIT,
          fingerprint,
          () -> now(host).path("fingerprint").asText());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + difference(captured, line.facts(installation)), e);
    }
    Manifest held = line.facts(installation);
    assertEquals("", difference(captured, held));
    assertEquals(captured.digest(), held.digest());
    assertEquals("proven", now(host).path("sync").path("state").asText());
    assertTrue(captured.size() > 1000, () -> "only " + captured.size() + " facts");
  }

  private static String difference(Manifest captured, Manifest held) {
    TreeSet<String> missing = new TreeSet<>(lines(captured));
    TreeSet<String> wrong = new TreeSet<>(lines(held));
    List<String> both = missing.stream().filter(wrong::contains).toList();
    both.forEach(missing::remove);
    both.forEach(wrong::remove);
    return missing.isEmpty() && wrong.isEmpty()
        ? ""
        : "\nonly captured:\n  "
            + String.join("\n  ", missing)
            + "\nonly in the engine:\n  "
            + String.join("\n  ", wrong);
  }

  private static List<String> lines(Manifest manifest) {
    List<String> lines = new ArrayList<>();
    manifest.forEach(
        e -> {
          StringBuilder line = new StringBuilder(e.key().toString());
          e.gap().ifPresent(g -> line.append(" gap ").append(g.reason()));
          e.attributes()
              .values()
              .forEach(
                  (n, v) -> line.append(' ').append(n).append('=').append(Attributes.show(n, v)));
          lines.add(line.toString());
        });
    return lines;
  }
}
