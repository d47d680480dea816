package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.engine.reports.Arrival;
import io.patina.facts.Entry;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.wire.v1.Report;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random reports of many hosts, with duplicates, loss, clones, restores, silence, replicas that die
 * and others that take over: the history of verdicts is that of {@link SimulatedHost}.
 */
class VerdictModelIT {

  private static final int HOSTS = 100;
  private static final int EVENTS = 1000;
  private static final Instant BEGINNING = Instant.parse("2026-11-22T12:00:00Z");

  static final String POLICY =
      """
      name: simulated
      artisanal: {from: 50, grace: 60s, hysteresis: 20}
      rules:
        - {name: heavy, when: 'key.startsWith("/bin/heavy")', severity: high, weight: 50}
        - {name: light, severity: low, weight: 15, atMost: 45}
      """;

  static final List<String> PATHS =
      List.of(
          "/bin/heavy1", "/bin/heavy2", "/bin/light1", "/bin/light2", "/bin/light3", "/bin/light4");

  @TempDir Path directory;

  private final VirtualClock clock = new VirtualClock(BEGINNING);
  private final List<Arrival> log = new ArrayList<>();
  private final Random random = new Random(20261122);
  private final List<Simulated> hosts = new ArrayList<>();
  private final Set<String> happened = new TreeSet<>();

  /** A host, what it is, and what has to be said of it. */
  private static final class Simulated {
    private final TestHost host;
    private final SimulatedHost model = new SimulatedHost();
    private final Set<String> differing = new TreeSet<>();
    private final Map<String, String> values = new HashMap<>();
    private boolean lost;
    private boolean begun;
    private Instant quietUntil = Instant.EPOCH;

    Simulated(long seed) {
      host = new TestHost(seed);
    }

    String id() {
      ByteBuffer b = host.id().asReadOnlyByteBuffer();
      return new UUID(b.getLong(), b.getLong()).toString();
    }

    /**
     * @param value what the file holds; empty if that is as it should be
     */
    Report delta(String path, String value) {
      if (value.isEmpty()) {
        differing.remove(path);
      } else {
        differing.add(path);
      }
      return host.delta(
          TestHost.path(path), TestHost.file(path, value.isEmpty() ? "golden" : value));
    }
  }

  @Test
  void theHistoryOfVerdictsIsThatOfASimpleModelAndNothingFlaps() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of(), clock)) {
      publish(workshop);
      Workshop.Replica engine = workshop.new Replica();
      for (int i = 0; i < EVENTS; i++) {
        Instant next = clock.instant().plusSeconds(1 + random.nextInt(5));
        engine = pass(workshop, engine, next);
        Simulated one = hosts.get(random.nextInt(HOSTS));
        act(one, next);
        if (one.begun) {
          one.model.judge(next);
        }
        engine = take(workshop, engine);
      }
      var unused = pass(workshop, engine, clock.instant().plusSeconds(900));
      check(workshop);
    }
    assertEquals(
        Set.of(
            "clone",
            "crash",
            "delta",
            "duplicate",
            "heartbeat",
            "late",
            "loss",
            "quiet",
            "rebalance",
            "restart",
            "restore",
            "snapshot"),
        happened);
  }

  private void publish(Workshop workshop) throws Exception {
    List<Entry> entries = PATHS.stream().map(p -> TestHost.file(p, "golden")).toList();
    Manifest golden = Manifest.of(TestHost.SCOPE, entries);
    workshop.baseline(
        new GoldenBaseline(
            "pool",
            "1",
            golden.digest(),
            List.of(),
            List.of(),
            List.of(),
            "simulated",
            Optional.of(POLICY),
            new Selector(Optional.empty(), Map.of()),
            BEGINNING,
            "test"),
        golden);
    for (int i = 0; i < HOSTS; i++) {
      Simulated s = new Simulated(1000 + i);
      golden.forEach(s.host::have);
      hosts.add(s);
    }
  }

  /** Lets time pass for both: for the model every second, for the engine when it asked for it. */
  private Workshop.Replica pass(Workshop workshop, Workshop.Replica engine, Instant until)
      throws Exception {
    Workshop.Replica owner = engine;
    while (clock.instant().isBefore(until)) {
      Instant second = clock.instant().plusSeconds(1);
      clock.to(second);
      owner.position();
      owner.timers().judge(owner.lane);
      if (second.getEpochSecond() % 60 == 0) {
        owner.timers().silence(owner.lane, second, Instant.EPOCH);
        hosts.forEach(s -> s.model.looked(second));
      }
      hosts.stream().filter(s -> s.begun).forEach(s -> s.model.judge(second));
      if (random.nextInt(60) == 0) {
        happened.add("rebalance");
        owner = workshop.new Replica();
      }
    }
    return owner;
  }

  /** Takes what has arrived; a replica may die with what it has in memory and another goes on. */
  private Workshop.Replica take(Workshop workshop, Workshop.Replica engine) throws Exception {
    Workshop.Replica owner = engine;
    if (random.nextInt(20) == 0) {
      happened.add("crash");
      assertTrue(owner.take(log, log.size()));
      owner = workshop.new Replica();
    }
    owner.takeAll(log);
    return owner;
  }

  private void act(Simulated s, Instant now) {
    s.host.clock(now);
    if (now.isBefore(s.quietUntil)) {
      return;
    }
    boolean silent = s.model.isSilent();
    if (!s.begun) {
      s.begun = true;
      PATHS.stream()
          .filter(p -> random.nextInt(6) == 0)
          .forEach(
              p -> {
                s.differing.add(p);
                s.values.put(p, "other");
                s.host.have(TestHost.file(p, "other"));
              });
      arrive(s.host.snapshot(), now);
      s.model.snapshot(s.differing, true, now);
      s.model.asked(false, now);
      return;
    }
    int what = random.nextInt(s.lost ? 4 : 14);
    boolean late = random.nextInt(8) == 0 && (what <= 2 || what > 6);
    if (late) {
      happened.add("late");
      s.host.clock(now.minusSeconds(70 + random.nextInt(3000)));
    }
    switch (what) {
      case 0, 1 -> {
        happened.add("heartbeat");
        boolean asks = silent || (s.lost && !s.model.isOutOfSync());
        arrive(s.host.heartbeat(), now);
        if (s.lost) {
          s.model.gap(now);
        } else {
          s.model.heartbeat(now);
        }
        s.model.came(asks, late, now);
      }
      case 2 -> {
        happened.add("snapshot");
        arrive(s.host.snapshot(), now);
        s.lost = false;
        s.model.snapshot(s.differing, false, now);
        s.model.asked(late, now);
      }
      case 3 -> {
        happened.add("restart");
        s.host.restart();
        arrive(s.host.snapshot(), now);
        s.lost = false;
        s.model.restarted(now);
        s.model.snapshot(s.differing, false, now);
        s.model.asked(false, now);
      }
      case 4 -> {
        happened.add("loss");
        String path = PATHS.get(random.nextInt(PATHS.size()));
        String value = s.differing.contains(path) ? "" : "other 1";
        s.values.put(path, value);
        var unused = s.delta(path, value);
        s.lost = true;
      }
      case 5 -> {
        happened.add("clone");
        Report mine = s.host.heartbeat();
        arrive(mine, now);
        s.model.heartbeat(now);
        s.model.came(silent || !s.model.isContradicted(), false, now);
        s.host.forget();
        Workshop.append(log, s.host.heartbeat(), now);
        s.model.contradicted(now);
      }
      case 6 -> {
        if (random.nextInt(3) == 0) {
          happened.add("restore");
          arrive(s.host.heartbeat(), now);
          arrive(s.host.heartbeat(), now);
          s.model.heartbeat(now);
          s.host.forget();
          s.host.forget();
          Workshop.append(log, s.host.heartbeat(), now);
          s.model.contradicted(now);
          s.host.restart();
          arrive(s.host.snapshot(), now);
          s.model.snapshot(s.differing, false, now);
          s.model.asked(false, now);
        } else {
          happened.add("quiet");
          s.quietUntil = now.plusSeconds(random.nextInt(2400));
        }
      }
      default -> {
        happened.add("delta");
        String path = PATHS.get(random.nextInt(PATHS.size()));
        boolean differs = random.nextInt(5) < 2;
        String value = differs ? "other " + random.nextInt(3) : "";
        String before = java.util.Objects.requireNonNullElse(s.values.put(path, value), "");
        arrive(s.delta(path, value), now);
        s.model.changed(path, differs, now);
        s.model.came(silent || !before.equals(value), late, now);
      }
    }
  }

  private void arrive(Report report, Instant now) {
    Workshop.append(log, report, now);
    if (random.nextInt(8) == 0) {
      happened.add("duplicate");
      Workshop.append(log, report, now);
    }
  }

  private void check(Workshop workshop) throws Exception {
    Set<String> seen = new HashSet<>();
    long verdicts = 0;
    for (Simulated s : hosts) {
      if (!s.begun) {
        continue;
      }
      List<String> expected = s.model.history();
      verdicts += expected.size();
      expected.forEach(line -> seen.add(line.split(" ", 2)[0]));
      assertEquals(
          expected,
          workshop.rows(
              "select verdict, extract(epoch from observed_at)::bigint from verdict_interval"
                  + " where installation = '"
                  + s.id()
                  + "' order by number"),
          s.id());
      assertEquals(0, s.model.flaps(), s.id() + ": " + expected);
      asOf(workshop, s);
    }
    assertEquals(Set.of("conforming", "drifting", "artisanal", "unobserved"), seen);
    assertTrue(verdicts > HOSTS * 2L, "only " + verdicts + " verdicts");
    assertEquals(
        List.of(String.valueOf(verdicts)),
        workshop.rows("select count(*) from event where kind = 'verdict.changed'"));
  }

  /** What the intervals say of a moment is what a replay up to it says. */
  private void asOf(Workshop workshop, Simulated s) throws Exception {
    for (int i = 0; i < 3; i++) {
      Instant moment = BEGINNING.plusSeconds(random.nextInt(EVENTS * 3));
      List<String> answer =
          workshop.rows(
              "select verdict from verdict_interval where installation = '"
                  + s.id()
                  + "' and observed_at <= '"
                  + moment
                  + "' and (ended_at is null or ended_at > '"
                  + moment
                  + "')");
      String expected = s.model.asOf(moment);
      assertEquals(
          expected.isEmpty() ? List.of() : List.of(expected), answer, s.id() + " at " + moment);
    }
  }
}
