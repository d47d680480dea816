package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.patina.engine.reports.Arrival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every file of {@code scenarios/}: reports in, intervals, verdicts, sentences and events out. */
class ScenariosIT {

  private static final Path SCENARIOS = Path.of("src/test/scenarios");

  @TempDir static Path directory;

  private static final VirtualClock CLOCK = new VirtualClock(Instant.parse("2026-11-25T00:00:00Z"));
  private static final List<Arrival> LOG = new ArrayList<>();
  private static Workshop workshop;
  private static Workshop.Replica engine;

  @BeforeAll
  static void start() throws Exception {
    workshop =
        new Workshop(
            directory,
            // Nobody calls it; what would be told waits in the table.
            Map.of(
                "patina.webhook.url",
                "http://127.0.0.1:9/",
                "patina.webhook.secret",
                "whsec_" + Base64.getEncoder().encodeToString(new byte[32])),
            CLOCK);
    engine = workshop.new Replica();
  }

  @AfterAll
  static void stop() throws IOException {
    workshop.close();
  }

  @TestFactory
  Stream<DynamicTest> everyScenarioEndsAsItSays() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(SCENARIOS)) {
      files = found.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
    assertFalse(files.isEmpty(), "no scenario in " + SCENARIOS);
    return java.util.stream.IntStream.range(0, files.size())
        .mapToObj(i -> test(files.get(i), i + 1));
  }

  private static DynamicTest test(Path file, int number) {
    return DynamicTest.dynamicTest(
        SCENARIOS.relativize(file).toString(),
        () -> {
          Scenario scenario = Scenario.read(file);
          // A day apart: what the hosts before do meanwhile is not this one's business.
          CLOCK.to(CLOCK.instant().plus(Duration.ofDays(1)));
          assertEquals(
              List.of(),
              new ScenarioRun(workshop, CLOCK, LOG, engine, scenario, number).play(),
              scenario.sentence());
        });
  }
}
