package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.endtoend.line.Api;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.Histories;
import io.patina.endtoend.line.RunningPart;
import io.patina.endtoend.line.TestLine;
import io.patina.endtoend.reports.DriftScript;
import io.patina.endtoend.reports.ExpectedHistory;
import io.patina.endtoend.reports.ReportTopic;
import io.patina.endtoend.reports.SimulatedInstallation;
import io.patina.endtoend.reports.Stream;
import io.patina.signing.Envelope;
import io.patina.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to engines, each report counts once: what is known in the end equals, to the
 * millisecond, what an engine knows that read the same topic undisturbed, and what the reference
 * model computed from the states of the hosts.
 */
class ExactlyOnceIT {

  private static final long SEED = 20261122;

  /**
   * Causes do not wait to settle: that goes by the clock, and these runs read the same reports at
   * other times. And every change is an interval of its own, as in the model: a file that changes
   * twenty times would be one volatile interval, which has scenarios of its own, with engines that
   * forget.
   */
  private static final String[] AT_ONCE = {
    "PATINA_CAUSES_SETTLE=0s", "PATINA_CAUSES_VOLATILE_CHANGES=1000000"
  };

  private static final Duration PACE = Duration.ofMillis(3);
  private static final Duration CATCH_UP = Duration.ofSeconds(90);

  /** What readers of API and topic can know of a run. */
  private record Known(Map<String, List<String>> deviations, Set<String> events) {

    /** Fails naming what only one of the two runs knows. */
    private void mustEqual(Known disturbed) {
      assertEquals(deviations.keySet(), disturbed.deviations.keySet());
      deviations.forEach(
          (host, undisturbed) -> {
            List<String> other = disturbed.deviations.getOrDefault(host, List.of());
            assertEquals(without(undisturbed, other), without(other, undisturbed), host);
            assertEquals(undisturbed.size(), other.size(), host);
          });
      assertEquals(
          without(List.copyOf(events), List.copyOf(disturbed.events)),
          without(List.copyOf(disturbed.events), List.copyOf(events)),
          "events");
    }

    private static List<String> without(List<String> all, List<String> these) {
      Set<String> rest = new TreeSet<>(all);
      these.forEach(rest::remove);
      return List.copyOf(rest);
    }
  }

  @Test
  void twentyKillsAtRandomMomentsChangeNothing() throws Exception {
    try (TestLine line = TestLine.create("kills");
        Play play = Play.begin(line, SEED)) {
      Random random = new Random(SEED);
      RunningPart engine = line.launchEngine(AT_ONCE);
      play.stream.open();
      for (int kill = 0; kill < 20; kill++) {
        play.stream.play(50 + random.nextInt(300));
        if (kill % 2 == 0) {
          // Every other one in the middle of its work rather than of its start.
          engine.awaitReady();
          play.stream.play(random.nextInt(200));
        }
        engine.kill();
        engine = line.launchEngine(AT_ONCE);
      }
      play.stream.play(300);
      play.stream.end();
      RunningPart last = engine.awaitReady();
      Known disturbed = play.known(line.api(), Optional.empty());
      play.matchesTheModel(line.api());

      last.stop();
      play.undisturbed().mustEqual(disturbed);
    }
  }

  @Test
  void twoReplicasWithRebalancesInFlightChangeNothing() throws Exception {
    try (TestLine line = TestLine.create("replicas");
        Play play = Play.begin(line, SEED + 1)) {
      Random random = new Random(SEED + 1);
      RunningPart first = line.engine(AT_ONCE);
      TestLine.Replica other = line.replica();
      play.stream.open();
      for (int round = 0; round < 3; round++) {
        play.stream.play(100 + random.nextInt(300));
        // Partitions move to the newcomer while reports are under way.
        RunningPart second = other.launch(AT_ONCE);
        play.stream.play(300 + random.nextInt(1200));
        if (round % 2 == 0) {
          second.kill();
        } else {
          second.stop();
        }
      }
      play.stream.end();
      Known disturbed = play.known(line.api(), Optional.empty());
      play.matchesTheModel(line.api());

      first.stop();
      play.undisturbed().mustEqual(disturbed);
    }
  }

  @Test
  void aReplicaThatWakesUpLateChangesNothing() throws Exception {
    try (TestLine line = TestLine.create("zombie");
        Play play = Play.begin(line, SEED + 2)) {
      RunningPart zombie = line.engine(AT_ONCE);
      TestLine.Replica other = line.replica();
      play.stream.open();
      play.stream.play(200);
      RunningPart heir = other.launch(AT_ONCE).awaitReady();
      play.stream.play(200);
      // In the middle of its work: it holds partitions, caches and perhaps an open transaction.
      zombie.freeze();
      play.stream.play(200);
      play.stream.mark("/usr/bin/while-frozen");
      play.awaitMark(other.api(), "/usr/bin/while-frozen");
      play.stream.play(100);
      zombie.thaw();
      play.stream.play(500);
      play.stream.end();
      Known disturbed = play.known(other.api(), Optional.of("/usr/bin/while-frozen"));
      play.matchesTheModel(other.api());

      zombie.stop();
      heir.stop();
      play.undisturbed().mustEqual(disturbed);
    }
  }

  /** One script on one line. */
  private static final class Play implements AutoCloseable {
    private final TestLine line;
    private final DriftScript script;
    private final ReportTopic topic;
    private final Stream stream;
    private RunningPart database;

    private Play(TestLine line, DriftScript script, ReportTopic topic, RunningPart database) {
      this.line = line;
      this.script = script;
      this.topic = topic;
      this.stream = new Stream(script, topic, PACE);
      this.database = database;
    }

    private static Play begin(TestLine line, long seed) throws Exception {
      RunningPart database = line.database();
      RunningPart unused = line.broker();
      DriftScript script = new DriftScript(seed, 8);
      // An engine comes up once before the stream: the pool's baseline is active from the start.
      RunningPart first = line.engine(AT_ONCE);
      ReportTopic topic = new ReportTopic(line.parts().bootstrapServers());
      Envelope envelope = line.sign(script.baseline(), script.golden());
      Baselines.publish(line, topic, envelope);
      first.stop();
      // From here both runs begin: the baseline is active before the first report is read.
      database.stop();
      line.keepDatabase();
      return new Play(line, script, topic, line.database());
    }

    private void awaitMark(Api api, String path) {
      for (SimulatedInstallation host : script.hosts()) {
        Await.until(
            host.hostname() + " shows " + path,
            CATCH_UP,
            () -> {
              Optional<JsonNode> found = api.installation(host.hex());
              return found.isPresent()
                  && api.open(found.get().path("id").asText())
                      .contains("file " + path + " unexpected");
            });
      }
    }

    /** Waits until everything has been taken in, then reads all of it. */
    private Known known(Api api, Optional<String> alsoMarked) throws Exception {
      awaitMark(api, Stream.END);
      if (alsoMarked.isPresent()) {
        awaitMark(api, alsoMarked.get());
      }
      Map<String, List<String>> deviations = Histories.read(api);
      long total = deviations.values().stream().mapToLong(List::size).sum();
      Await.until("every event has left the outbox", CATCH_UP, () -> opened(topic).size() >= total);
      return new Known(deviations, opened(topic));
    }

    /** The same topic read from its beginning by one engine that nothing disturbs. */
    private Known undisturbed() throws Exception {
      database.stop();
      line.restoreDatabase();
      database = line.database();
      RunningPart engine = line.engine(AT_ONCE);
      Known known = known(line.api(), Optional.empty());
      engine.stop();
      return known;
    }

    private void matchesTheModel(Api api) throws IOException, InterruptedException {
      for (SimulatedInstallation host : script.hosts()) {
        JsonNode found = api.installation(host.hex()).orElseThrow();
        assertEquals("proven", found.path("sync").path("state").asText(), found::toString);
        Set<ExpectedHistory.Interval> seen = new TreeSet<>();
        for (JsonNode d : api.deviations(found.path("id").asText(), "all")) {
          seen.add(
              new ExpectedHistory.Interval(
                  d.path("facet").asText(),
                  d.path("key").asText(),
                  d.path("kind").asText(),
                  Instant.parse(d.path("observedAt").asText()),
                  d.has("closedObservedAt")
                      ? Optional.of(Instant.parse(d.path("closedObservedAt").asText()))
                      : Optional.empty()));
        }
        assertEquals(stream.intervals(host), seen, host.hostname());
      }
    }

    @Override
    public void close() {
      topic.close();
    }
  }

  /** Every deviation.opened event on the topic: who, what, when; repeated deliveries count once. */
  private static Set<String> opened(ReportTopic topic) throws IOException {
    Map<String, String> byId = new TreeMap<>();
    for (var record : topic.readAll(Topics.DRIFT_EVENTS)) {
      JsonNode event = new ObjectMapper().readTree(record.value());
      if (event.path("type").asText().endsWith("deviation.opened")) {
        byId.put(
            event.path("id").asText(),
            event.path("time").asText()
                + " "
                + event.path("data").path("installation").asText()
                + " "
                + event.path("data").path("facet").asText()
                + " "
                + event.path("data").path("key").asText());
      }
    }
    return new TreeSet<>(byId.values());
  }
}
