package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparison;
import io.patina.comparison.Constraint;
import io.patina.comparison.Expectation;
import io.patina.engine.reports.Arrival;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever becomes of the engine on the way, the deviations are those that a simple model computes
 * from the states of the hosts.
 */
class IngestModelIT {

  private static final int PATHS = 30;

  @TempDir Path directory;

  // A broker's clock has milliseconds.
  private Instant clock = Instant.now().minusSeconds(5).truncatedTo(ChronoUnit.MILLIS);

  private final List<Arrival> log = new ArrayList<>();
  private final Map<ByteString, TreeMap<FactKey, Instant>> open =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());
  private final List<String> closed = new ArrayList<>();

  private static Manifest golden() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < PATHS; i += 2) {
      entries.add(TestHost.file("/bin/" + i, "golden"));
    }
    return Manifest.of(TestHost.SCOPE, entries);
  }

  private static GoldenBaseline baseline(Manifest manifest, String version) {
    return baseline(manifest, version, List.of());
  }

  /** Every kind of expectation over some of the paths; one waits for a label that nobody has. */
  private static List<Expectation> expectations() {
    return List.of(
        target("/bin/1", Expectation.Presence.OPTIONAL, new Constraint.OneOf(List.of("other 0"))),
        target("/bin/3", Expectation.Presence.REQUIRED, new Constraint.Exactly("golden")),
        new Expectation.Absent(keys("/bin/{4,5}"), "not here"),
        target("/bin/6", Expectation.Presence.REQUIRED, new Constraint.Exactly("${label:role}")),
        new Expectation.Ignored(keys("/bin/20"), "whatever"),
        target("/bin/1*", Expectation.Presence.STATED, new Constraint.Matches("other [12]")));
  }

  private static Expectation target(String glob, Expectation.Presence presence, Constraint must) {
    return Expectation.Values.of(keys(glob), presence, "target", must, "tested");
  }

  private static Expectation.Keys keys(String glob) {
    return new Expectation.Keys("file", Glob.of(glob));
  }

  private static GoldenBaseline baseline(
      Manifest manifest, String version, List<Expectation> expectations) {
    return new GoldenBaseline(
        "pool",
        version,
        manifest.digest(),
        List.of(),
        List.of(new Expectation.Keys("file", Glob.of("/**"))),
        expectations,
        "pet",
        new Selector(Optional.empty(), Map.of()),
        Instant.parse("2026-11-22T00:00:00Z"),
        "test");
  }

  private void send(TestHost host, Report report, GoldenBaseline baseline, Manifest golden) {
    clock = clock.plusMillis(1);
    Workshop.append(log, report, clock);
    Set<FactKey> bad = new HashSet<>();
    Set<FactKey> unproven = new HashSet<>();
    baseline
        .comparer()
        .compareAll(
            golden,
            host.facts(),
            c -> {
              if (c instanceof Comparison.Differs) {
                bad.add(c.key());
              } else if (c instanceof Comparison.Unproven) {
                unproven.add(c.key());
              }
            });
    TreeMap<FactKey, Instant> known = open.computeIfAbsent(host.id(), id -> new TreeMap<>());
    Instant now = clock;
    bad.forEach(key -> known.putIfAbsent(key, now));
    known
        .entrySet()
        .removeIf(
            each -> {
              // What cannot be judged stays as it was.
              if (bad.contains(each.getKey()) || unproven.contains(each.getKey())) {
                return false;
              }
              closed.add(
                  each.getKey().displayName()
                      + " "
                      + each.getValue().toEpochMilli()
                      + " "
                      + now.toEpochMilli());
              return true;
            });
  }

  /** The topic of some hosts that change at random, restart, and repeat themselves. */
  private void script(Random random, GoldenBaseline baseline, Manifest golden) {
    List<TestHost> hosts = new ArrayList<>();
    for (int h = 0; h < 5; h++) {
      TestHost host = new TestHost(random.nextLong());
      golden.forEach(host::have);
      hosts.add(host);
      send(host, host.snapshot(), baseline, golden);
    }
    for (int i = 0; i < 400; i++) {
      TestHost host = hosts.get(random.nextInt(hosts.size()));
      String path = "/bin/" + random.nextInt(PATHS);
      Report report =
          switch (random.nextInt(10)) {
            case 0 -> {
              host.restart();
              host.have(TestHost.file(path, "while it was down"));
              yield host.snapshot();
            }
            case 1, 2, 3, 4 -> host.heartbeat();
            case 5 -> host.delta(TestHost.path(path), null);
            case 6, 7 -> host.delta(TestHost.path(path), TestHost.file(path, "golden"));
            default ->
                host.delta(TestHost.path(path), TestHost.file(path, "other " + random.nextInt(3)));
          };
      send(host, report, baseline, golden);
      if (random.nextInt(8) == 0) {
        // The producer did not hear the broker's answer.
        clock = clock.plusMillis(1);
        Workshop.append(log, report, clock);
      }
    }
  }

  private List<String> expectedOpen() {
    List<String> all = new ArrayList<>();
    open.values()
        .forEach(
            o ->
                o.forEach((key, since) -> all.add(key.displayName() + " " + since.toEpochMilli())));
    return all.stream().sorted().toList();
  }

  private static void same(List<String> expected, List<String> found) {
    List<String> missing = new ArrayList<>(expected);
    found.forEach(missing::remove);
    List<String> extra = new ArrayList<>(found);
    expected.forEach(extra::remove);
    assertEquals(List.of(), missing, "missing");
    assertEquals(List.of(), extra, "too many");
  }

  private static final String OPEN =
      "select key_text, (extract(epoch from observed_at) * 1000)::bigint from deviation"
          + " where end_latest is null";
  private static final String CLOSED =
      "select key_text, (extract(epoch from observed_at) * 1000)::bigint,"
          + " (extract(epoch from closed_observed_at) * 1000)::bigint from deviation"
          + " where end_latest is not null";

  @Test
  void crashesZombiesAndAnySizeOfSliceChangeNothing() throws Exception {
    Random random = new Random(20261122);
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Manifest golden = golden();
      GoldenBaseline baseline = baseline(golden, "1", expectations());
      workshop.baseline(baseline, golden);
      script(random, baseline, golden);
      List<Workshop.Replica> replicas = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        replicas.add(workshop.new Replica());
      }
      boolean lost = false;
      int rounds = 0;
      while (replicas.stream().allMatch(r -> r.lane.stored() < log.size())) {
        int which = random.nextInt(replicas.size());
        Workshop.Replica replica = replicas.get(which);
        if (random.nextInt(6) == 0) {
          // It dies: what it had in memory only is gone.
          replica = workshop.new Replica();
          replicas.set(which, replica);
        }
        lost |= !replica.take(log, 1 + random.nextInt(40));
        if (random.nextInt(4) == 0 && replica.lane.isPositioned()) {
          try {
            replica.timers().judge(replica.lane);
            replica.timers().follow(replica.lane);
          } catch (Lane.FenceLost e) {
            lost = true;
          }
        }
        assertTrue(rounds++ < 10_000, "it does not come to an end");
      }
      Workshop.Replica last = workshop.new Replica();
      last.takeAll(log);
      assertTrue(lost, "no fence was ever lost: nothing was shown");

      same(closed, workshop.rows(CLOSED));
      same(expectedOpen(), workshop.rows(OPEN));
      assertEquals(
          List.of(String.valueOf(expectedOpen().size())),
          workshop.rows("select sum(open_deviations) from installation"));
      assertEquals(
          List.of("5"), workshop.rows("select sum(hosts) from fleet_count where hosts <> 0"));
      // One event for each step and each in the outbox once.
      assertEquals(
          workshop.rows("select count(*) from event"),
          workshop.rows("select count(*) from outbox where topic = 'patina.drift-events.v1'"));
      assertEquals(
          List.of(String.valueOf(expectedOpen().size() + closed.size())),
          workshop.rows("select count(*) from event where kind = 'deviation.opened'"));
    }
  }

  @Test
  void aHostSpecificValueFollowsTheLabelAssignedToTheHost() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Manifest golden = golden();
      workshop.baseline(baseline(golden, "1", List.of(expectations().get(3))), golden);
      TestHost host = new TestHost(4);
      golden.forEach(host::have);
      host.have(TestHost.file("/bin/6", "web"));
      Workshop.append(log, host.snapshot(), clock);
      workshop.new Replica().takeAll(log);
      // Nobody has said what its role is: neither clean nor drift.
      assertEquals(List.of(), workshop.rows("select key_text from deviation"));
      assertEquals(List.of("1"), workshop.rows("select unproven from installation"));

      workshop.rows("update host set labels = '{\"role\": \"web\"}' returning name");
      clock = clock.plusMillis(1);
      Workshop.append(log, host.snapshot(), clock);
      workshop.new Replica().takeAll(log);
      assertEquals(List.of("0"), workshop.rows("select unproven from installation"));
      assertEquals(List.of(), workshop.rows("select key_text from deviation"));

      clock = clock.plusMillis(1);
      Workshop.append(
          log, host.delta(TestHost.path("/bin/6"), TestHost.file("/bin/6", "golden")), clock);
      workshop.new Replica().takeAll(log);
      // As the manifest says, and not as the label asks.
      assertEquals(List.of("/bin/6"), workshop.rows("select key_text from deviation"));
    }
  }

  @Test
  void aNewBaselineClosesWhatItAllowsAndOpensWhatItForbids() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Manifest golden = golden();
      workshop.baseline(baseline(golden, "1"), golden);
      TestHost host = new TestHost(4);
      golden.forEach(host::have);
      host.have(TestHost.file("/bin/0", "edited"));
      Workshop.append(log, host.snapshot(), clock);
      Workshop.Replica replica = workshop.new Replica();
      replica.takeAll(log);
      assertEquals(List.of("drifting 1"), verdicts(workshop));

      Manifest next = host.manifest();
      workshop.baseline(baseline(next, "2"), next);
      replica.timers().follow(replica.lane);
      assertEquals(List.of("conforming 0"), verdicts(workshop));
      assertEquals(
          List.of("/bin/0 baseline-changed"),
          workshop.rows("select key_text, end_cause from deviation"));
      assertEquals(
          List.of("superseded 1", "active 2"),
          workshop.rows("select state, version from baseline order by version"));
    }
  }

  private static List<String> verdicts(Workshop workshop) throws Exception {
    return workshop.rows("select verdict, open_deviations from installation");
  }

  @Test
  void aGapIsOutOfSyncUntilAFingerprintProvesIt() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Manifest golden = golden();
      workshop.baseline(baseline(golden, "1"), golden);
      TestHost host = new TestHost(5);
      golden.forEach(host::have);
      Workshop.append(log, host.snapshot(), clock);
      Report lost = host.delta(TestHost.path("/bin/1"), TestHost.file("/bin/1", "x"));
      assertEquals(ReportKind.DELTA, lost.getKind());
      Workshop.append(
          log, host.delta(TestHost.path("/bin/3"), TestHost.file("/bin/3", "x")), clock);
      Workshop.Replica replica = workshop.new Replica();
      replica.takeAll(log);
      assertEquals(List.of("out-of-sync"), workshop.rows("select sync from installation"));
      assertEquals(List.of("0"), workshop.rows("select count(*) from deviation"));

      Workshop.append(log, host.snapshot(), clock);
      replica.takeAll(log);
      assertEquals(List.of("proven"), workshop.rows("select sync from installation"));
      assertEquals(List.of("2"), workshop.rows("select count(*) from deviation"));
    }
  }

  @Test
  void aSnapshotInPartsSurvivesACrashBetweenThem() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      TestHost host = new TestHost(6);
      golden().forEach(host::have);
      ByteString canonical = host.manifest().canonical();
      int cut = golden().canonical().size() / 2;
      while (!isBorder(canonical, cut)) {
        cut++;
      }
      Workshop.append(
          log,
          host.sign(
              host.part(1, false, canonical.substring(0, cut)), ReportKind.SNAPSHOT, 1, false),
          clock);
      Workshop.Replica first = workshop.new Replica();
      first.takeAll(log);
      assertEquals(List.of("new"), workshop.rows("select sync from installation"));
      Workshop.append(
          log,
          host.sign(host.part(2, true, canonical.substring(cut)), ReportKind.SNAPSHOT, 2, true),
          clock);
      Workshop.Replica second = workshop.new Replica();
      second.takeAll(log);
      assertEquals(
          List.of("proven unbaselined"), workshop.rows("select sync, verdict from installation"));
      assertEquals(List.of("0"), workshop.rows("select count(*) from snapshot_part"));
      assertFalse(first.take(log, 10) && first.lane.stored() < log.size(), "wrote as a zombie");
    }
  }

  /** Whether a length-delimited frame begins here. */
  private static boolean isBorder(ByteString canonical, int at) {
    try {
      var in = canonical.newCodedInput();
      while (in.getTotalBytesRead() < at) {
        var unused = in.readBytes();
      }
      return in.getTotalBytesRead() == at;
    } catch (java.io.IOException e) {
      throw new IllegalStateException("a manifest is frames", e);
    }
  }

  @Test
  void anInstallationWhoseRowsAreRefusedIsQuarantinedAndTheOthersGoOn() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Manifest golden = golden();
      workshop.baseline(baseline(golden, "1"), golden);
      List<TestHost> hosts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        TestHost host = new TestHost(100 + i);
        golden.forEach(host::have);
        hosts.add(host);
        Workshop.append(log, host.snapshot(), clock);
      }
      Workshop.Replica replica = workshop.new Replica();
      replica.takeAll(log);
      // A row that no host can cause: so the database itself is made to refuse one.
      workshop.execute(
          "alter table deviation add constraint refused check (key_text <> '/bin/poison')");
      for (TestHost host : hosts) {
        Workshop.append(log, host.heartbeat(), clock);
        String path = host == hosts.get(3) ? "/bin/poison" : "/bin/1";
        Workshop.append(log, host.delta(TestHost.path(path), TestHost.file(path, "x")), clock);
      }
      replica.takeAll(log);
      assertEquals(
          List.of("/bin/1 5"),
          workshop.rows("select key_text, count(*) from deviation group by key_text"));
      assertEquals(
          List.of("out-of-sync 1", "proven 5"),
          workshop.rows("select sync, count(*) from installation group by sync order by sync"));
      assertEquals(
          List.of("data-error"), workshop.rows("select distinct reason from dead_letter_count"));
    }
  }
}
