package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.engine.reports.Arrival;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that baselines bring, where the engine takes them in. */
class BroughtPolicyIT {

  private static final String POLICY =
      """
      name: brought
      artisanal: {from: 50}
      rules:
        - {name: web, when: 'labels["pool"] == "web"', severity: critical, weight: 77}
        - {name: rest, severity: low, weight: 1}
      """;

  @TempDir Path directory;

  private static GoldenBaseline baseline(Manifest manifest, String version, String policy) {
    return new GoldenBaseline(
        "pool",
        version,
        manifest.digest(),
        List.of(),
        List.of(),
        List.of(),
        "brought",
        Optional.of(policy),
        new Selector(Optional.empty(), Map.of()),
        Instant.parse("2026-11-22T00:00:00Z"),
        "test");
  }

  @Test
  void aPolicyWithAMistakeIsRefusedWithItsPositionAndTheHint() throws Exception {
    List<String> said = new ArrayList<>();
    Logger log = Logger.getLogger("io.patina.engine.catalogue.BaselineIntake");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            said.add(new java.util.logging.SimpleFormatter().formatMessage(record));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    log.addHandler(handler);
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Manifest golden = Manifest.of(TestHost.SCOPE, List.of(TestHost.file("/bin/1", "golden")));
      workshop.baseline(baseline(golden, "1", POLICY.replace("labels", "label")), golden);
      String dear = "key.matches(\"a\") || ".repeat(20);
      workshop.baseline(baseline(golden, "2", POLICY.replace("labels[", dear + "labels[")), golden);
      assertEquals(List.of("0"), workshop.rows("select count(*) from baseline"));
      workshop.baseline(baseline(golden, "3", POLICY), golden);
      assertEquals(
          List.of("3 brought active"),
          workshop.rows("select version, policy, state from baseline"));
    } finally {
      log.removeHandler(handler);
    }
    String all = String.join("\n", said);
    assertTrue(
        all.contains("baseline refused: pool 1: its policy, line 4, column 24: undeclared"), all);
    assertTrue(all.contains("did you mean labels?"), all);
    assertTrue(all.contains("costs more than 500"), all);
  }

  @Test
  void hostsAreJudgedByThePolicyOfTheirBaselineAndTheirAssignedLabels() throws Exception {
    List<Arrival> log = new ArrayList<>();
    Instant clock = Instant.now().minusSeconds(600);
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Manifest golden = Manifest.of(TestHost.SCOPE, List.of(TestHost.file("/bin/1", "golden")));
      workshop.baseline(baseline(golden, "1", POLICY), golden);
      TestHost host = new TestHost(1);
      host.have(TestHost.file("/bin/1", "edited"));
      Workshop.append(log, host.snapshot(), clock);
      Workshop.Replica replica = workshop.new Replica();
      replica.takeAll(log);
      assertEquals(
          List.of("drifting 1 rest"),
          workshop.rows(
              "select verdict, score, breakdown->'groups'->0->>'name' from installation"));
      workshop.execute("update host set labels = '{\"pool\": \"web\"}'");
      workshop.execute("update installation set judge_at = now()");
      Workshop.Replica second = workshop.new Replica();
      second.position();
      second.timers().judge(second.lane);
      assertEquals(
          List.of("artisanal 77 web critical 50"),
          workshop.rows(
              "select verdict, score, breakdown->'groups'->0->>'name',"
                  + " breakdown->'groups'->0->>'severity', breakdown->>'artisanalFrom'"
                  + " from installation"));
      assertEquals(
          List.of("rest 1", "web 77"),
          workshop.rows(
              "select breakdown->'groups'->0->>'name', breakdown->'groups'->0->>'points'"
                  + " from verdict_interval where verdict <> 'unobserved' order by number"));
      assertEquals(
          List.of("77"),
          workshop.rows(
              "select data->'breakdown'->'groups'->0->>'points' from event"
                  + " where kind = 'verdict.changed' order by ordinal desc limit 1"));
    }
  }
}
