package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.TestLine;
import io.patina.endtoend.reports.DriftScript;
import io.patina.endtoend.reports.HostileRecord;
import io.patina.endtoend.reports.ReportTopic;
import io.patina.endtoend.reports.SimulatedInstallation;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.wire.Topics;
import io.patina.wire.v1.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is written to the topic of reports, ingest goes on, and nothing vanishes unsaid. */
class HostileReportsIT {

  private static final long SEED = 4711;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static TestLine line;
  private static ReportTopic topic;
  private static DriftScript script;

  private static int marks;

  @BeforeAll
  static void start() throws Exception {
    line = TestLine.create("hostile");
    var unusedDatabase = line.database();
    var unusedBroker = line.broker();
    var unusedEngine = line.engine();
    topic = new ReportTopic(line.parts().bootstrapServers());
    script = new DriftScript(SEED, 6);
    Baselines.publish(line, topic, line.sign(script.baseline(), script.golden()));
  }

  @AfterAll
  static void stop() throws IOException {
    if (topic != null) {
      topic.close();
    }
    line.close();
  }

  @Test
  void whatCannotBeAcceptedEndsAmongTheDeadLettersWithItsBytes() throws Exception {
    SimulatedInstallation known = opened(0);
    List<HostileRecord> hostile = HostileRecord.all(known, SEED);
    for (HostileRecord record : hostile) {
      var unused = topic.send(record.key(), record.value());
      // Between any two of them a good one: what stops ingest would show at once.
      var unusedGood = topic.send(known.heartbeat());
    }
    SimulatedInstallation misplaced = new SimulatedInstallation("misplaced", script.golden(), 99);
    Report elsewhere = misplaced.snapshot(Optional.empty());
    var unused =
        topic.sendTo(
            (topic.partitionFor(misplaced.id()) + 1) % 6, misplaced.id(), elsewhere.toByteString());
    goesOn(known);

    // Each by its bytes: other tests leave dead letters too, and every shard leaves when it can.
    Map<ByteString, String> letters = new HashMap<>();
    for (HostileRecord record : hostile) {
      Await.until(
          record.name() + " is among the dead letters",
          LIMIT,
          () -> {
            letters.putAll(deadLetters());
            return letters.containsKey(record.value());
          });
      assertFalse(String.valueOf(letters.get(record.value())).isEmpty(), record.name());
    }
    Await.until(
        "what lay in another partition is among the dead letters",
        LIMIT,
        () -> {
          letters.putAll(deadLetters());
          return letters.containsKey(elsewhere.toByteString());
        });
    assertEquals("wrong-partition", letters.get(elsewhere.toByteString()));
    assertEquals(Optional.empty(), line.api().named("stranger"), "a stranger was let in");
    assertEquals(Optional.empty(), line.api().named("misplaced"));
    assertEquals("proven", host(known).path("sync").path("state").asText());
    assertFalse(host(known).has("identityConflict"), () -> "accused: " + known.hostname());
  }

  @Test
  void anUnknownKindOfFactIsKeptAndCountsInTheFingerprint() throws Exception {
    SimulatedInstallation known = opened(1);
    FactKey key = new FactKey("interface", ByteString.copyFromUtf8("syscall:io_uring_setup"));
    var unused = topic.send(known.delta(Map.of(key, Optional.of(value(key, "present")))));
    goesOn(known);
    assertEquals("proven", host(known).path("sync").path("state").asText());
  }

  @Test
  void anOldReportSentAgainChangesNothing() throws Exception {
    SimulatedInstallation known = opened(2);
    FactKey key = FactKey.of(Facet.FILE, "/usr/bin/program-3");
    Report alter = known.delta(Map.of(key, Optional.of(value(key, "edited"))));
    Report revert = known.delta(Map.of(key, script.golden().find(key)));
    var unused = topic.send(alter);
    var unused2 = topic.send(revert);
    var unused3 = topic.send(alter);
    var unused4 = topic.send(revert);
    goesOn(known);
    String id = host(known).path("id").asText();
    assertEquals(
        1,
        line.api().deviations(id, "all").stream()
            .filter(d -> d.path("key").asText().equals("/usr/bin/program-3"))
            .count());

    // From an earlier start of the collector it is no longer a duplicate by number.
    known.restart();
    var unused5 = topic.send(known.snapshot(Optional.of(script.golden())));
    var unused6 = topic.send(alter);
    goesOn(known);
    Await.until(
        "the replayed report is a dead letter",
        LIMIT,
        () -> "replayed".equals(deadLetters().get(alter.toByteString())));
    assertEquals("proven", host(known).path("sync").path("state").asText());
  }

  @Test
  void aClonedInstallationIsAnIdentityConflict() throws Exception {
    SimulatedInstallation original = opened(3);
    SimulatedInstallation copy = original.clone(1234);
    var unused = topic.send(copy.snapshot(Optional.of(script.golden())));
    var unused2 = topic.send(original.heartbeat());
    Await.until(
        "the conflict is shown",
        LIMIT,
        () ->
            host(original).has("identityConflict")
                && host(original).path("verdict").asText().equals("unobserved"));
    assertFalse(
        host(original).path("identityConflict").path("reason").asText().isEmpty(), "unexplained");
    goesOn(opened(4));
  }

  @Test
  void aRewoundSequenceIsAnIdentityConflict() throws Exception {
    SimulatedInstallation original = opened(5);
    FactKey key = FactKey.of(Facet.FILE, "/usr/bin/program-5");
    Report other = original.rewound(value(key, "of the copy"));
    var unused = topic.send(original.heartbeat());
    var unused2 = topic.send(other);
    Await.until("the conflict is shown", LIMIT, () -> host(original).has("identityConflict"));
  }

  private static SimulatedInstallation opened(int number) throws Exception {
    SimulatedInstallation host = script.hosts().get(number);
    var unused = topic.send(host.snapshot(Optional.empty()));
    goesOn(host);
    return host;
  }

  /** A change that is made now becomes visible. */
  private static void goesOn(SimulatedInstallation host) throws Exception {
    String path = "/usr/bin/mark-" + ++marks;
    FactKey key = FactKey.of(Facet.FILE, path);
    var unused = topic.send(host.delta(Map.of(key, Optional.of(value(key, "mark")))));
    Await.until(
        host.hostname() + " shows " + path,
        LIMIT,
        () ->
            line.api()
                .open(host(host).path("id").asText())
                .contains("file " + path + " unexpected"));
  }

  private static JsonNode host(SimulatedInstallation installation)
      throws IOException, InterruptedException {
    return line.api()
        .installation(installation.hex())
        .orElseThrow(() -> new IOException("not known: " + installation.hostname()));
  }

  private static Entry value(FactKey key, String text) {
    return Entry.of(
        key,
        key.facet().equals("file")
            ? new Attributes.Builder()
                .text(Attributes.TYPE, "link")
                .text(Attributes.TARGET, text)
                .build()
            : Attributes.value(text));
  }

  private static Map<ByteString, String> deadLetters() {
    Map<ByteString, String> letters = new HashMap<>();
    for (var record : topic.readAll(Topics.DEAD_LETTERS)) {
      Header reason = record.headers().lastHeader("patina-reason");
      letters.put(
          ByteString.copyFrom(record.value()),
          reason == null ? "" : new String(reason.value(), StandardCharsets.UTF_8));
    }
    assertTrue(letters.size() < 1000, "far too many dead letters");
    return letters;
  }
}
