package io.patina.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.verdict.Severity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompiledPolicyTest {

  private static String policy(String when, String severity, String weight, String tolerance) {
    return """
    name: test
    artisanal: {from: 50, grace: 10m, hysteresis: 10}
    rules:
      - name: first
        when: %s
        severity: %s
        weight: %s
        tolerance: %s
      - {name: rest, severity: low, weight: 1}
    """
        .formatted(when, severity, weight, tolerance);
  }

  private static void refused(String yaml, String... parts) {
    String message =
        String.valueOf(
            assertThrows(InvalidPolicyException.class, () -> CompiledPolicy.of(yaml)).getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  private static void whenRefused(String when, String... parts) {
    refused(policy(when, "high", "10", "0s"), parts);
  }

  private static Weighable weighable(String path, Duration age, Map<String, String> labels) {
    return new Weighable(
        new Difference(
            new FactKey("file", ByteString.copyFromUtf8(path)),
            Difference.Kind.CHANGED,
            new Attributes.Builder()
                .text(Attributes.MODE, "0755")
                .text(Attributes.PACKAGE, "dpkg:bash:amd64")
                .build(),
            new Attributes.Builder().text(Attributes.MODE, "04755").build()),
        "hand-edit",
        age,
        labels);
  }

  @Test
  void everyVariableCanBeAsked() throws Exception {
    CompiledPolicy p =
        CompiledPolicy.of(
            policy(
                "'facet == \"file\" && key == \"/bin/sh\" && kind == \"changed\" && cause =="
                    + " \"hand-edit\" && driftClass == \"packaged-file-changed\" && owner =="
                    + " \"dpkg:bash:amd64\" && age >= duration(\"1h\") && labels[\"pool\"] =="
                    + " \"web\" && expected[\"mode\"] == \"0755\" && actual.mode == \"04755\"'",
                "high",
                "10",
                "0s"));
    assertEquals(
        "first", p.answer(weighable("/bin/sh", Duration.ofHours(1), Map.of("pool", "web"))).rule());
    assertEquals(
        "rest",
        p.answer(weighable("/bin/sh", Duration.ofMinutes(59), Map.of("pool", "web"))).rule());
    assertEquals("rest", p.answer(weighable("/bin/sh", Duration.ofHours(1), Map.of())).rule());
  }

  @Test
  void severityWeightAndToleranceCanDependOnTheDeviation() throws Exception {
    CompiledPolicy p =
        CompiledPolicy.of(
            policy(
                "facet == \"file\"",
                "'labels[\"env\"] == \"prod\" ? \"critical\" : \"info\"'",
                "'age > duration(\"1h\") ? 70 : 7'",
                "'cause == \"hand-edit\" ? duration(\"1h30m\") : duration(\"0s\")'"));
    Answer young = p.answer(weighable("/a", Duration.ofMinutes(60), Map.of("env", "prod")));
    assertEquals(new Answer("first", Severity.CRITICAL, 7, 100, Duration.ofMinutes(90)), young);
    assertEquals(70, p.answer(weighable("/a", Duration.ofMinutes(61), Map.of())).weight());
    assertEquals(Severity.INFO, p.answer(weighable("/a", Duration.ZERO, Map.of())).severity());
  }

  @Test
  void theMomentsAtWhichAgeChangesAnAnswerAreKnown() throws Exception {
    CompiledPolicy p =
        CompiledPolicy.of(
            policy("age > duration(\"5m\") && duration(\"2h\") >= age", "high", "10", "0s"));
    assertEquals(Optional.of(Duration.ofMinutes(5)), p.nextBreakpoint(Duration.ZERO));
    assertEquals(
        Optional.of(Duration.ofMinutes(5).plusMillis(1)), p.nextBreakpoint(Duration.ofMinutes(5)));
    assertEquals(Optional.of(Duration.ofHours(2)), p.nextBreakpoint(Duration.ofMinutes(6)));
    assertEquals(Optional.empty(), p.nextBreakpoint(Duration.ofHours(3)));
  }

  @Test
  void aNameThatIsNotThereIsTheEmptyTextAndNoFailure() throws Exception {
    CompiledPolicy p =
        CompiledPolicy.of(
            policy("labels.nothing == \"\" && actual[\"acl\"] == \"\"", "high", "10", "0s"));
    assertEquals("first", p.answer(weighable("/a", Duration.ZERO, Map.of())).rule());
  }

  @Test
  void mistakesHaveAPositionAndAHint() {
    whenRefused(
        "facett == \"file\"", "line 5, column 11:", "undeclared reference", "did you mean facet?");
    whenRefused("'facet == 1'", "line 5, column 18:", "compare text with text in quotes");
    whenRefused("'true && facet = \"x\"'", "line 5, column 26:", "== compares");
    whenRefused("facet", "line 5, column 11:", "a condition that is string", "true or false");
    refused(
        """
        name: test
        artisanal: {from: 50}
        rules:
          - name: first
            when: |
              facet == "file"
                && nothing == "x"
            severity: high
            weight: 10
          - {name: rest, severity: low, weight: 1}
        """,
        "line 7, column 12:",
        "undeclared reference to 'nothing'");
  }

  @Test
  void ageIsComparedWithConstantsOnly() {
    whenRefused("age == duration(\"1h\")", "age can only be compared with a constant");
    whenRefused("'[age] == [duration(\"1h\")]'", "age can only be compared");
    whenRefused("age > duration(key)", "not a time");
    whenRefused("age > duration(\"soon\")", "not a time", "duration(\"90s\")");
    refused(
        policy(
            "true", "high", "10", "'age > duration(\"1h\") ? duration(\"1h\") : duration(\"2h\")'"),
        "a tolerance cannot depend on the age");
  }

  @Test
  void everyAnswerThatCanComeOutIsOneThatIsPossible() {
    refused(policy("true", "urgent", "10", "0s"), "line 6, column 15:", "known are info, low");
    refused(
        policy("true", "'facet == \"file\" ? \"high\" : \"urgent\"'", "10", "0s"),
        "line 6, column 43:",
        "not a severity");
    refused(policy("true", "key + cause", "10", "0s"), "the function + is not known here");
    refused(policy("true", "high", "101", "0s"), "line 7, column 13:", "from 0 to 100");
    refused(policy("true", "high", "'size(key)'", "0s"), "not a weight");
    refused(policy("true", "high", "'true ? 10 : 200'", "0s"), "not a weight");
    refused(policy("true", "high", "10", "soon"), "undeclared reference to 'soon'");
  }

  @Test
  void whatCanFailOrCostsTooMuchIsRefused() {
    whenRefused("'int(key) > 3'", "the function int is not known here");
    whenRefused("'1 / size(key) > 0'", "the function / is not known here");
    whenRefused("key.matches(cause)", "a pattern that is not constant");
    whenRefused("'key.matches(\"(\")'", "not a pattern", "RE2");
    whenRefused("'key.matches(\"((a{100}){100}){100}\")'", "multiply to at most 1000", "* or +");
    whenRefused("'\"a\" in labels'", "in asks lists only");
    whenRefused("'labels.exists(k, k == \"a\")'", "undeclared reference");
    whenRefused("'{\"a\": key}[\"a\"] == key'", "neither mappings nor loops");
    StringBuilder dear = new StringBuilder("'key.matches(\"a\")");
    for (int i = 0; i < 9; i++) {
      dear.append(" || key.matches(\"a\")");
    }
    whenRefused(dear + "'", "line 5, column ", "costs more than 500", "split the rule");
    whenRefused("'" + "(".repeat(500) + "true" + ")".repeat(500) + "'", "line 5");
    StringBuilder many = new StringBuilder("name: test\nartisanal: {from: 50}\nrules:\n");
    for (int i = 0; i < 20; i++) {
      many.append("  - {name: r").append(i).append(", severity: low, weight: 1, when: '");
      many.append("key.matches(\"a\") || ".repeat(5)).append("false'}\n");
    }
    refused(
        many + "  - {name: rest, severity: low, weight: 1}\n",
        "line ",
        "the policy costs more than 5000");
  }

  @Test
  void theFileHasARuleForEverything() {
    refused("[]", "line 1, column 1", "not a mapping");
    refused("", "nothing is here");
    refused("name: a\nrules: [", "not YAML");
    refused("name: a\nweight: 1", "line 2, column 1: unknown key \"weight\"", "known are name");
    refused("name: a\nname: b", "is here twice");
    refused("name: a b\nartisanal: {from: 1}\nrules: []", "not a name");
    refused("name: a\nartisanal: {from: 0}\nrules: []", "from 1 to 100");
    refused("name: a\nartisanal: {from: 50, hysteresis: 50}\nrules: []", "from 0 to 49");
    refused("name: a\nartisanal: {from: 50, grace: 1y}\nrules: []", "such as 10m");
    refused("name: a\nartisanal: {from: 50}\nrules: []", "0 rules");
    refused(
        "name: a\nartisanal: {from: 50}\nrules: [{name: b, when: 'true', severity: low, weight: 1}]",
        "the last rule has a condition");
    refused(
        "name: a\nartisanal: {from: 50}\nrules: [{name: b, severity: low, weight: 1}, {name: c,"
            + " severity: low, weight: 1}]",
        "a rule without a condition before the last one");
    refused("x".repeat(PolicyFile.MAX_FILE + 1), "over 65536 characters");
  }

  @Test
  void aCaseThatDoesNotHoldSaysWhy() throws Exception {
    CompiledPolicy p =
        CompiledPolicy.of(
            policy("facet == \"file\"", "high", "60", "0s")
                + """
                cases:
                  - name: wrong on purpose
                    given: [{facet: file, key: /a}]
                    expect: {severity: low, verdict: drifting, score: 60}
                """);
    CaseRun run = CaseRun.all(p).getFirst();
    assertEquals(11, run.theCase().place().line());
    assertEquals(
        java.util.List.of(
            "severity: expected low, is high",
            "verdict: expected drifting, is artisanal",
            "file /a: rule first, high, weight 60"),
        run.wrong());
  }
}
