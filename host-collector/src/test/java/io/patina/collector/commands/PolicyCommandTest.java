package io.patina.collector.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of policy from their arguments to their output. */
class PolicyCommandTest {

  private static final String GOOD =
      """
      name: mine
      artisanal: {from: 50}
      rules:
        - {name: all, severity: high, weight: 60}
      cases:
        - name: a file
          given: [{facet: file, key: /a}]
          expect: {severity: high, verdict: artisanal}
      """;

  @TempDir Path directory;

  @Test
  void casesThatHoldAreCounted() throws IOException {
    Answer answer = run(GOOD, "policy", "test");
    assertEquals(0, answer.exit(), answer.out() + answer.err());
    assertTrue(answer.out().endsWith("p.yaml: 1 passed, 0 failed\n"), answer.out());
  }

  @Test
  void aCaseThatDoesNotHoldIsShownWithItsPosition() throws IOException {
    Answer answer = run(GOOD.replace("{severity: high, v", "{severity: low, v"), "policy", "test");
    assertEquals(1, answer.exit());
    assertTrue(answer.out().contains("p.yaml: line 6, column 5: a file"), answer.out());
    assertTrue(answer.out().contains("  severity: expected low, is high"), answer.out());
    JsonNode json =
        json(
            run(
                GOOD.replace("{severity: high, v", "{severity: low, v"),
                "policy",
                "test",
                "--format",
                "json"));
    assertEquals(1, json.path("failed").asInt());
    assertEquals(6, json.path("cases").path(0).path("line").asInt());
    assertEquals(
        "severity: expected low, is high",
        json.path("cases").path(0).path("wrong").path(0).asText());
  }

  @Test
  void aMistakeIsShownWithPositionAndHintByBoth() throws IOException {
    String bad = GOOD.replace("weight: 60", "weight: sizee");
    for (String command : List.of("test", "lint")) {
      Answer answer = run(bad, "policy", command);
      assertEquals(1, answer.exit());
      assertTrue(
          answer.out().contains("p.yaml: line 4, column 41: undeclared reference to 'sizee'"),
          answer.out());
      assertTrue(answer.out().contains("known are actual, age, cause"), answer.out());
    }
    JsonNode json = json(run(bad, "policy", "lint", "--format", "json")).path("files").path(0);
    assertEquals(4, json.path("line").asInt());
    assertEquals(41, json.path("column").asInt());
    assertTrue(json.path("hint").asText().startsWith("known are"), json.toString());
    assertEquals(0, run(GOOD, "policy", "lint").exit());
  }

  @Test
  void aPolicyWithoutCasesHasNotBeenTestedAndOneThatIsNotThereCannotBe() throws IOException {
    Answer without = run(GOOD.substring(0, GOOD.indexOf("cases")), "policy", "test");
    assertEquals(1, without.exit());
    assertTrue(without.out().contains("no cases"), without.out());
    Answer missing = execute(List.of("policy", "test", directory.resolve("no.yaml").toString()));
    assertEquals(2, missing.exit());
    assertTrue(missing.err().contains("there is no such file"), missing.err());
  }

  @Test
  void aBaselineIsSignedWithAPolicyOnlyIfThatIsWithoutAMistake() throws IOException {
    Path manifest = directory.resolve("m.zst");
    Files.writeString(directory.resolve("m.mtree"), "#mtree\n./a type=file mode=0644\n");
    String key = directory.resolve("k").toString();
    assertEquals(0, execute(List.of("baseline", "keygen", "--output", key)).exit());
    Answer imported =
        execute(
            List.of(
                "baseline",
                "import",
                "--format",
                "mtree",
                directory.resolve("m.mtree").toString(),
                "--output",
                manifest.toString()));
    assertEquals(0, imported.exit(), imported.err());
    List<String> sign =
        List.of(
            "baseline",
            "sign",
            manifest.toString(),
            "--key",
            key + ".key.pem",
            "--name",
            "web",
            "--baseline-version",
            "1",
            "--output",
            directory.resolve("b.json").toString(),
            "--policy",
            directory.resolve("p.yaml").toString());
    Files.writeString(directory.resolve("p.yaml"), GOOD.replace("weight: 60", "weight: 600"));
    Answer refused = execute(sign);
    assertEquals(2, refused.exit());
    assertTrue(refused.err().contains("p.yaml: line 4, column 41: out of range"), refused.err());
    Files.writeString(directory.resolve("p.yaml"), GOOD);
    assertEquals(0, execute(sign).exit());
    Answer verified =
        execute(
            List.of(
                "baseline",
                "verify",
                directory.resolve("b.json").toString(),
                "--key",
                key + ".pub.pem"));
    assertEquals(0, verified.exit(), verified.err());
    assertTrue(verified.out().contains("policy        mine"), verified.out());
  }

  private Answer run(String policy, String... arguments) throws IOException {
    Path file = directory.resolve("p.yaml");
    Files.writeString(file, policy);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(file.toString());
    return execute(all);
  }

  private static JsonNode json(Answer answer) throws IOException {
    return new ObjectMapper().readTree(answer.out());
  }

  private static Answer execute(List<String> arguments) {
    return Answer.to(arguments);
  }
}
