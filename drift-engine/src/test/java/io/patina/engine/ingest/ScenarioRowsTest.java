package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every complaint that the scenarios' README lists is answered by a scenario, and no other. */
class ScenarioRowsTest {

  private static final Path SCENARIOS = Path.of("src/test/scenarios");

  @Test
  void everyRowHasAScenarioAndEveryRowNamedIsOne() throws IOException {
    Set<String> rows =
        Files.readAllLines(SCENARIOS.resolve("README.md")).stream()
            .filter(l -> l.startsWith("- "))
            .map(l -> l.substring(2))
            .collect(Collectors.toCollection(TreeSet::new));
    assertFalse(rows.isEmpty());
    Set<String> answered = new TreeSet<>();
    for (Path file : files()) {
      Scenario.read(file).peers().ifPresent(answered::add);
    }
    assertEquals(rows, answered);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> found = Files.list(SCENARIOS)) {
      return found.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
