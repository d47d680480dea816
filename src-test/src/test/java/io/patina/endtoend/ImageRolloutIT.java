package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.endtoend.hosts.CollectingHost;
import io.patina.endtoend.hosts.DebPackage;
import io.patina.endtoend.hosts.DebianImage;
import io.patina.endtoend.hosts.Session;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.TestLine;
import io.patina.endtoend.reports.ReportTopic;
import io.patina.endtoend.reports.SimulatedInstallation;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A new version of an image comes to two real hosts and ten simulated ones and is taken back, by
 * the commands that people have, each under their own name: every verdict on the way is right.
 */
class ImageRolloutIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int SIMULATED = 10;
  private static final int FILES = 30;
  private static final String ON_OLD = "conforming, 1.4, 0 open";
  private static final String ON_NEW = "conforming, 1.5, 0 open";
  private static final String AHEAD = "updating, 1.5, 0 open";

  /** Does not count for what dpkg does, which says that it is under way. */
  private static final String SETTLE = "5s";

  private static final String EDITED = "/etc/issue";
  private static final String ENOUGH = "/run/patina-test-enough";

  private static TestLine line;
  private static ReportTopic topic;
  private static People people;

  private final List<SimulatedInstallation> simulated = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    DebianImage.obstacle().ifPresent(Assumptions::abort);
    line = TestLine.create("rollout");
    var unusedDatabase = line.database();
    var unusedBroker = line.broker();
    var unusedEngine =
        line.engine("PATINA_CATALOGUE_APPROVE_SIGNED=false", "PATINA_JUDGE_SETTLE=" + SETTLE);
    topic = new ReportTopic(line.parts().bootstrapServers());
    people = new People(line);
  }

  @AfterAll
  static void stop() throws IOException {
    if (topic != null) {
      topic.close();
    }
    if (line != null) {
      line.close();
    }
  }

  @Test
  void aNewImageComesInTwoWavesOverRealAndSimulatedHostsAndIsRolledBack() throws Exception {
    Manifest before = publish("1.4");
    approve("1.4");
    var unused = people.activate("1.4").with(0);
    try (CollectingHost first = new CollectingHost(line);
        CollectingHost second = new CollectingHost(line)) {
      String a = first.host().name();
      String b = second.host().name();
      begin(List.of(first, second), before);
      List<String> all = new ArrayList<>(List.of(a, b));
      simulated.forEach(each -> all.add(each.hostname()));
      Fleet fleet = new Fleet(line.api(), all, ON_OLD);
      fleet.await("all hosts are as the image was made", Map.of());
      people.makeCanaries(a, name(0), name(1));

      // Nobody has approved it yet: nothing can be rolled out, and nothing is.
      Manifest after = publish("1.5");
      Map<FactKey, Optional<Entry>> upgrade = difference(before, after);
      assertEquals(FILES + 1, upgrade.size(), "the files of the package, and the package");
      String refused = people.startRollout("1.5").with(1).output();
      assertTrue(refused.startsWith("refused: "), refused);
      assertForeseen(people.preview("1.5").with(1).json());
      approve("1.5");
      fleet.await("an approval changes nothing", Map.of());

      var unused2 = people.startRollout("1.5").with(0);
      awaitWaves("3 hosts: 3 old", "9 hosts: 9 old");
      fleet.await("either version will do", Map.of());
      install(first, "1.5");
      Map<String, String> coming = new TreeMap<>(Map.of(a, ON_NEW));
      fleet.await("one is on the new version", coming);
      awaitWaves("3 hosts: 1 new, 2 old", "9 hosts: 9 old");
      install(second, "1.5");
      coming.put(b, AHEAD);
      fleet.await("one is ahead of its wave", coming);
      assertEquals(
          "This host is wholly 1.5 before wave 2 of its rollout is reached.", fleet.sentence(b));
      awaitWaves("3 hosts: 1 new, 2 old", "9 hosts: 1 new, 8 old, 1 ahead");

      Map<FactKey, Optional<Entry>> part = new TreeMap<>();
      upgrade.keySet().stream().limit(3).forEach(key -> part.put(key, after.find(key)));
      send(part, simulated.getFirst());
      Process edit = edit(first);
      coming.put(a, "drifting, 1.5, 1 open");
      coming.put(name(0), "drifting, 1.4, 3 open");
      fleet.await("one is edited, one between the versions", coming);
      assertEquals(Set.of("file " + EDITED + " changed"), fleet.open(a));
      assertEquals(Set.of("hand-edit"), fleet.open(a, "cause"));
      assertEquals(
          "This host is drifting: a mixture of versions, 28 facts of 1.4, 3 of 1.5.",
          fleet.sentence(name(0)));
      assertEquals(changed(part.keySet()), fleet.open(name(0)));
      awaitWaves("3 hosts: 1 new, 1 old, 1 between", "9 hosts: 1 new, 8 old, 1 ahead");
      undo(first, edit);
      Map<FactKey, Optional<Entry>> rest = new TreeMap<>(upgrade);
      rest.keySet().removeAll(part.keySet());
      send(rest, simulated.get(0));
      send(upgrade, simulated.get(1));
      for (String each : List.of(a, name(0), name(1))) {
        coming.put(each, ON_NEW);
      }
      fleet.await("the first wave is there", coming);
      awaitWaves("3 hosts: 3 new", "9 hosts: 1 new, 8 old, 1 ahead");

      var unused3 = people.rollout("advance", "1.5").with(0);
      coming.put(b, ON_NEW);
      fleet.await("it is the turn of the one that was ahead", coming);
      for (SimulatedInstallation each : simulated.subList(2, SIMULATED - 1)) {
        send(upgrade, each);
        coming.put(each.hostname(), ON_NEW);
      }
      fleet.await("all but one have come", coming);
      awaitWaves("3 hosts: 3 new", "9 hosts: 8 new, 1 old");
      JsonNode status = people.status("1.5").with(0).json();
      assertEquals(
          "From 1.4 to 1.5, wave 2 of 2: 11 of 12 hosts are there.",
          status.path("sentence").asText());

      Instant earliest = Instant.now();
      var unused4 = people.rollout("rollback", "1.5").with(0);
      Instant latest = Instant.now();
      coming.replaceAll((name, standing) -> "drifting, 1.4, 31 open");
      fleet.await("who is on the new version deviates", coming);
      Set<String> onsets = new TreeSet<>();
      for (String each : coming.keySet()) {
        assertEquals(changed(upgrade.keySet()), fleet.open(each));
        assertEquals(Set.of("baseline-changed"), fleet.open(each, "cause"));
        onsets.addAll(fleet.open(each, "onset"));
      }
      assertEquals(1, onsets.size(), "all since one moment, that of the roll back: " + onsets);
      Instant onset =
          Instant.parse(JSON.readTree(onsets.iterator().next()).path("earliest").asText());
      assertTrue(!onset.isBefore(earliest) && !onset.isAfter(latest), onset::toString);
      Map<FactKey, Optional<Entry>> downgrade = difference(after, before);
      for (SimulatedInstallation each : simulated.subList(0, SIMULATED - 1)) {
        send(downgrade, each);
      }
      install(first, "1.4");
      install(second, "1.4");
      fleet.await("all are as before", Map.of());

      for (String each : all) {
        assertEquals(
            each.equals(name(SIMULATED - 1))
                ? List.of("conforming")
                : Set.of(a, name(0)).contains(each)
                    ? List.of("conforming", "drifting", "conforming", "drifting", "conforming")
                    : List.of("conforming", "drifting", "conforming"),
            fleet.verdicts(each),
            each);
      }
      assertEquals(
          List.of(
              "1.4: baseline.drafted by alice@example.org",
              "1.4: baseline.approved by bob@example.org",
              "1.4: baseline.activated by olga@example.org",
              "1.5: baseline.drafted by alice@example.org",
              "1.5: baseline.approved by bob@example.org",
              "1.5: baseline.rollout-started by olga@example.org",
              "1.5: baseline.wave-reached by olga@example.org",
              "1.5: baseline.wave-reached by olga@example.org",
              "1.5: baseline.rolled-back by olga@example.org"),
          steps());
    }
  }

  /** Makes the package, and Alice the image with it. */
  private static Manifest publish(String version) throws Exception {
    return people.publish(version, DebPackage.buildLarge(line.scratch(), "web", version, FILES));
  }

  private static void approve(String version) throws Exception {
    String own = people.approveOwn(version).with(1).output();
    assertTrue(own.startsWith("refused: alice@example.org wrote or handed in this baseline"), own);
    var unused = people.approve(version).with(0);
  }

  /** Every host is made of the image and reports. */
  private void begin(List<CollectingHost> real, Manifest manifest) throws Exception {
    for (CollectingHost each : real) {
      install(each, "1.4");
      each.collect(false);
    }
    for (int i = 0; i < SIMULATED; i++) {
      SimulatedInstallation host = new SimulatedInstallation(name(i), manifest, 4_000 + i);
      simulated.add(host);
      var unused = topic.send(host.snapshot(Optional.of(manifest)));
      // Says that it will not be heard of again for a while.
      var unused2 = topic.send(host.heartbeat());
    }
  }

  private static void assertForeseen(JsonNode preview) {
    assertEquals(12, preview.path("examined").asInt(), preview::toString);
    JsonNode change = preview.path("pools").path(0).path("changes").path(0);
    assertEquals(12, change.path("hosts").asInt(), preview::toString);
    assertEquals("conforming", change.path("from").asText());
    assertFalse(change.path("to").asText().equals("conforming"), preview::toString);
  }

  private static void awaitWaves(String... expected) {
    Await.equal(
        "the rollout stands so",
        LIMIT,
        List.of(expected),
        () -> {
          List<String> waves = new ArrayList<>();
          for (JsonNode wave : line.api().json("api/v1/baselines/web/1.5/rollout").path("waves")) {
            JsonNode progress = wave.path("progress");
            List<String> parts = new ArrayList<>();
            part(parts, progress.path("onNew"), "new");
            part(parts, progress.path("onOld"), "old");
            part(parts, progress.path("mixture"), "between");
            part(parts, progress.path("unseen"), "unseen");
            part(parts, wave.path("ahead"), "ahead");
            part(parts, wave.path("late"), "late");
            waves.add(progress.path("hosts").asInt() + " hosts: " + String.join(", ", parts));
          }
          return waves;
        });
  }

  private static void part(List<String> parts, JsonNode count, String word) {
    if (count.asLong() > 0) {
      parts.add(count.asLong() + " " + word);
    }
  }

  private static void install(CollectingHost host, String version) throws Exception {
    Path deb = line.scratch().resolve("web_" + version + "_all.deb");
    Path inside = host.inside("/var/lib/patina/" + deb.getFileName());
    if (!Files.exists(inside)) {
      Files.copy(deb, inside);
    }
    String path = "/var/lib/patina/" + deb.getFileName();
    String unused = host.host().run("dpkg", "--force-unsafe-io", "-i", path);
  }

  /** An administrator edits a file, and stays: so there is somebody to be named. */
  private static Process edit(CollectingHost host) throws IOException {
    String script =
        "cp -p $0 /run/kept; exec 3>$0; echo by hand >&3; exec 3>&-;"
            + " while [ ! -e $1 ]; do sleep 0.2; done; cat /run/kept >$0";
    List<String> command = new Session(7, 1000).running("sh", "-c", script, EDITED, ENOUGH);
    return new ProcessBuilder(host.host().inside(command))
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(line.data().logs().resolve("edit.log").toFile())
        .start();
  }

  private static void undo(CollectingHost host, Process edit) throws Exception {
    String unused = host.host().run("touch", ENOUGH);
    assertEquals(0, edit.waitFor());
  }

  private static void send(Map<FactKey, Optional<Entry>> changes, SimulatedInstallation host)
      throws Exception {
    var unused = topic.send(host.delta(changes));
  }

  private static Map<FactKey, Optional<Entry>> difference(Manifest from, Manifest to) {
    Map<FactKey, Optional<Entry>> changes = new TreeMap<>();
    from.forEach(e -> changes.put(e.key(), to.find(e.key())));
    to.forEach(e -> changes.put(e.key(), Optional.of(e)));
    changes.entrySet().removeIf(e -> e.getValue().equals(from.find(e.getKey())));
    return changes;
  }

  private static Set<String> changed(Collection<FactKey> keys) {
    Set<String> lines = new TreeSet<>();
    keys.forEach(k -> lines.add(k.facet() + " " + k.displayName() + " changed"));
    return lines;
  }

  private static String name(int host) {
    return "simulated-" + host;
  }

  /** Every step of the baseline as the audit history has it, and whose it was. */
  private static List<String> steps() throws Exception {
    JsonNode history = line.api().send("GET", "api/v1/audit?limit=500", line.token(), "");
    List<String> all = new ArrayList<>();
    for (JsonNode each : history.path("items")) {
      String thing = each.path("thing").asText();
      if (thing.startsWith("baseline web ")) {
        String what = each.path("action").asText() + " by " + each.path("subject").asText();
        all.addFirst(thing.substring("baseline web ".length()) + ": " + what);
      }
    }
    return all;
  }
}
