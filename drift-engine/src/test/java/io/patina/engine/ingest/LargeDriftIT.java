package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.patina.comparison.Expectation;
import io.patina.engine.deviations.ShareTable;
import io.patina.engine.reports.Arrival;
import io.patina.facts.Entry;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.wire.v1.Report;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More differences than a host has rows for are kept once, for all hosts that have them. */
class LargeDriftIT {

  private static final int FILES = 1500;
  private static final int WRONG = 1200;
  private static final int HOSTS = 12;

  @TempDir Path directory;

  /** After every approval, of which the database's own clock says when it was. */
  private final VirtualClock clock =
      new VirtualClock(Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));

  private final List<Arrival> log = new ArrayList<>();

  /** Files of which the first so many are other than those of the hosts. */
  private static Manifest golden(int wrong) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      entries.add(TestHost.file(path(i), i < wrong ? "wrong" : "golden"));
    }
    return Manifest.of(TestHost.SCOPE, entries);
  }

  private static String path(int i) {
    return String.format("/bin/%05d", i);
  }

  private static void publish(Workshop workshop, Manifest manifest, String version)
      throws Exception {
    workshop.baseline(
        new GoldenBaseline(
            "pool",
            version,
            manifest.digest(),
            List.of(),
            List.of(new Expectation.Keys("file", Glob.of("/**"))),
            List.of(),
            "pet",
            new Selector(Optional.empty(), Map.of()),
            Instant.parse("2026-11-22T00:00:00Z"),
            "test"),
        manifest);
  }

  @Test
  void aBadBaselineIsOneSetAndEveryHostHasItsInterval() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of(), clock)) {
      publish(workshop, golden(0), "1");
      List<TestHost> hosts = new ArrayList<>();
      for (int h = 0; h < HOSTS; h++) {
        TestHost host = new TestHost(100 + h);
        golden(0).forEach(host::have);
        if (h >= HOSTS - 3) {
          // A few have something of their own in the midst of what will be wrong.
          host.have(TestHost.file(path(h), "by hand " + h));
        }
        hosts.add(host);
        host.clock(clock.instant());
        Workshop.append(log, host.snapshot(), clock.instant());
      }
      Workshop.Replica engine = workshop.new Replica();
      engine.takeAll(log);
      assertEquals(List.of("3 0"), counts(workshop));

      clock.to(clock.instant().plusSeconds(600));
      publish(workshop, golden(WRONG), "2");
      // Their heartbeats are not held up by it: hosts follow when it is their turn.
      engine = workshop.new Replica();
      for (TestHost host : hosts) {
        host.clock(clock.instant());
        Workshop.append(log, host.heartbeat(), clock.instant());
      }
      engine.takeAll(log);
      assertEquals(
          List.of("12"),
          workshop.rows(
              "select count(*) from installation i join baseline b on b.statement = i.baseline"
                  + " where b.version = '1' and i.last_seen = '"
                  + clock.instant()
                  + "'"));
      follow(engine);
      // One set, a share of each host, rows only for what a host has of its own.
      assertEquals(List.of("3 12"), counts(workshop));
      assertEquals(
          List.of("1 1200 1200"),
          workshop.rows(
              "select (select count(*) from drift_set), (select sum(deviations) from drift_set),"
                  + " count(*) from drift_set_entry"));
      assertEquals(
          List.of("1199 1 3", "1200 0 9"),
          workshop.rows(
              "select deviations, cardinality(without), count(*) from drift_share"
                  + " where end_latest is null group by 1, 2 order by 1"));
      // Exact: it is the baseline that began it, when it was approved.
      assertEquals(
          List.of("1"),
          workshop.rows(
              "select count(distinct (onset_earliest, onset_latest)) from drift_share"
                  + " join baseline b on b.version = '2'"
                  + " where onset_earliest = b.approved_at and onset_latest = b.approved_at"));
      assertEquals(
          List.of("1200 12"),
          workshop.rows("select open_deviations, count(*) from installation group by 1"));
      // Told once each, and not by a thousand events.
      assertEquals(
          List.of("0"),
          workshop.rows(
              "select count(*) from event where kind = 'deviation.opened' and"
                  + " data->>'cause' = 'baseline-changed'"));

      // Another engine goes on from the tables alone: a repair by hand ends one of them.
      String before = signatures(workshop);
      Workshop.Replica next = workshop.new Replica();
      clock.to(clock.instant().plusSeconds(60));
      TestHost repaired = hosts.getFirst();
      repaired.clock(clock.instant());
      Workshop.append(
          log,
          repaired.delta(TestHost.path(path(77)), TestHost.file(path(77), "wrong")),
          clock.instant());
      next.takeAll(log);
      assertEquals(
          List.of(path(77) + " t t"),
          workshop.rows(
              "select key_text, onset_latest = b.approved_at, end_latest > b.approved_at"
                  + " from deviation join baseline b on b.version = '2'"
                  + " where end_latest is not null and cause = 'baseline-changed'"));
      assertEquals(
          List.of("1199 4", "1200 8"),
          workshop.rows(
              "select deviations, count(*) from drift_share where end_latest is null"
                  + " group by 1 order by 1"));
      assertEquals(1, signatures(workshop).split(",").length - before.split(",").length);

      // And the right baseline ends all of them at once.
      clock.to(clock.instant().plusSeconds(600));
      publish(workshop, golden(0), "3");
      follow(next);
      assertEquals(List.of("4 0"), counts(workshop));
      assertEquals(
          List.of("baseline-changed f 12"),
          workshop.rows(
              "select end_cause, continued, count(*) from drift_share"
                  + " join baseline b on b.version = '3' where end_latest = b.approved_at"
                  + " group by 1, 2"));
    }
  }

  @Test
  void petsShareWhatTheyHaveAlikeAndHaveRowsForTheRest() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of(), clock)) {
      publish(workshop, golden(0), "1");
      for (int h = 0; h < 4; h++) {
        TestHost host = new TestHost(100 + h);
        for (int i = 0; i < FILES; i++) {
          String what = i < WRONG ? "wrong on all" : "pet " + h;
          host.have(TestHost.file(path(i), what));
        }
        // Few of another cause; and the last host has very many of its own beside.
        int own = h == 3 ? 12_000 : 12;
        for (int i = 0; i < own; i++) {
          host.have(TestHost.file(String.format("/bin/own-%d-%05d", h, i), "own"));
        }
        host.clock(clock.instant());
        Workshop.append(log, host.snapshot(), clock.instant());
      }
      Workshop.Replica engine = workshop.new Replica();
      engine.takeAll(log);
      // One set of what is wrong, the first host's; two of the last one's own, none too large.
      assertEquals(
          List.of("1500", "2000", "10000"),
          workshop.rows("select deviations from drift_set order by 1"));
      assertEquals(
          List.of("1200 3", "1500 1", "2000 1", "10000 1"),
          workshop.rows(
              "select deviations, count(*) from drift_share where end_latest is null"
                  + " group by 1 order by 1"));
      assertEquals(
          List.of("unknown 900", "unpackaged 36"),
          workshop.rows("select cause, count(*) from deviation group by 1 order by 1"));
      // All that is open is in a set or has a row.
      assertEquals(
          List.of("t"),
          workshop.rows(
              "select bool_and(unlisted_deviations = (select sum(deviations) from drift_share s"
                  + " where s.installation = i.id and s.end_latest is null)) from installation i"));

      // What has long ended is forgotten, and the sets that nobody has any more.
      workshop.execute("update drift_set set recorded_at = now() - interval '2 hours'");
      try (Connection c = workshop.database().getConnection()) {
        assertEquals(0, ShareTable.sweep(c));
        workshop.execute(
            "update drift_share set end_latest = now(), closed_observed_at = now(),"
                + " closed_recorded_at = now() - interval '91 days' where deviations >= 2000");
        assertEquals(2, ShareTable.sweep(c));
      }
      assertEquals(
          List.of("1 4 1500"),
          workshop.rows(
              "select (select count(*) from drift_set), (select count(*) from drift_share),"
                  + " count(*) from drift_set_entry"));
    }
  }

  @Test
  void aPoolThatTurnsTogetherSuspectsItsBaselineAndIsToldOfOnce() throws Exception {
    Map<String, String> settings = Map.of("patina.judge.turn-hosts", "5");
    try (Workshop workshop = new Workshop(directory, settings, clock)) {
      publish(workshop, golden(0), "1");
      for (int h = 0; h < HOSTS; h++) {
        TestHost host = new TestHost(100 + h);
        golden(0).forEach(host::have);
        host.clock(clock.instant());
        Workshop.append(log, host.snapshot(), clock.instant());
      }
      Workshop.Replica engine = workshop.new Replica();
      engine.takeAll(log);
      String told =
          "select count(*) from outbox where topic = 'patina.drift-events.v1'"
              + " and convert_from(payload, 'UTF8') like '%%io.patina.%s\"%%'";
      String verdicts = String.format(told, "verdict.changed");
      assertEquals(List.of("12"), workshop.rows(verdicts));

      clock.to(clock.instant().plusSeconds(600));
      publish(workshop, golden(WRONG), "2");
      clock.to(clock.instant().plusSeconds(600));
      engine.position();
      engine.timers().follow(engine.lane);
      clock.to(clock.instant().plusSeconds(600));
      engine.timers().judge(engine.lane);
      assertEquals(
          List.of("pool default 12 12"),
          workshop.rows(
              "select 'pool', pool, turned, hosts from pool_turn where ended_at is null"));
      // Those who were judged before it was known follow.
      while (engine.turns().follow(engine.lane, Slice.UNBOUNDED)) {
        assertEquals(List.of("t"), workshop.rows("select count(*) > 0 from pool_turn"));
      }
      assertEquals(
          List.of("fix-baseline 12"),
          workshop.rows("select recommendation, count(*) from installation group by 1"));
      assertEquals(
          List.of("t"),
          workshop.rows(
              "select bool_and(advice->>0 = (select sentence from pool_turn)) from installation"));
      // Every host has it in its history; one event is told.
      assertEquals(List.of("12"), workshop.rows(verdicts));
      assertEquals(
          List.of("24"),
          workshop.rows("select count(*) from event where kind = 'verdict.changed'"));
      assertEquals(List.of("1"), workshop.rows(String.format(told, "pool.turned")));
      assertEquals(
          List.of("12"), workshop.rows("select sum(hosts) from pool_count where hosts > 0"));

      clock.to(clock.instant().plusSeconds(600));
      publish(workshop, golden(0), "3");
      // Time comes before the catalogue: they are judged by what is in force all the same.
      workshop.execute("update installation set judge_at = last_seen");
      engine.timers().judge(engine.lane);
      assertEquals(
          List.of("0"),
          workshop.rows("select count(*) from verdict_interval where verdict = 'unbaselined'"));
      engine.timers().follow(engine.lane);
      engine.turns().end();
      assertEquals(
          List.of("0"), workshop.rows("select count(*) from pool_turn where ended_at is null"));
      assertEquals(List.of("1"), workshop.rows(String.format(told, "pool.settled")));
      assertEquals(
          List.of("conforming none 12"),
          workshop.rows(
              "select verdict, recommendation, count(*) from installation group by 1, 2"));
    }
  }

  @Test
  void onlyHostsThatBeginToDifferTurnTheirPool() throws Exception {
    Map<String, String> settings = Map.of("patina.judge.turn-hosts", "5");
    try (Workshop workshop = new Workshop(directory, settings, clock)) {
      publish(workshop, golden(0), "1");
      List<TestHost> hosts = new ArrayList<>();
      for (int h = 0; h < HOSTS; h++) {
        TestHost host = new TestHost(100 + h);
        golden(0).forEach(host::have);
        hosts.add(host);
      }
      Workshop.Replica engine = workshop.new Replica();
      send(engine, hosts, TestHost::snapshot);
      edit(engine, hosts, "by hand");
      String open = "select count(*) from pool_turn where ended_at is null";
      assertEquals(List.of("1"), workshop.rows(open));

      // As if two replicas had made half of it each and seen nothing of each other.
      workshop.execute("delete from pool_turn");
      engine.turns().end();
      assertEquals(List.of("1"), workshop.rows(open));
      while (engine.turns().follow(engine.lane, Slice.UNBOUNDED)) {
        assertEquals(List.of("1"), workshop.rows(open));
      }
      String recommended =
          "select recommendation, count(*) from installation group by 1 order by 2 desc";
      assertEquals(List.of("fix-baseline 12"), workshop.rows(recommended));

      // Of what cannot be proven nothing is recommended.
      hosts.getFirst().have(TestHost.file(path(1), "unreported"));
      send(engine, hosts.subList(0, 1), TestHost::heartbeat);
      assertEquals(List.of("fix-baseline 11", "observe 1"), workshop.rows(recommended));
      hosts.getFirst().have(TestHost.file(path(1), "golden"));
      send(engine, hosts.subList(0, 1), TestHost::heartbeat);
      assertEquals(List.of("fix-baseline 12"), workshop.rows(recommended));

      // An outage, after which they are what they were.
      String turned = "select sum(hosts) from pool_turning";
      List<String> before = workshop.rows(turned);
      clock.to(clock.instant().plus(Duration.ofHours(3)));
      engine.timers().silence(engine.lane, clock.instant(), Instant.EPOCH);
      String verdicts = "select distinct verdict from installation";
      assertEquals(List.of("unobserved"), workshop.rows(verdicts));
      send(engine, hosts, TestHost::heartbeat);
      assertEquals(List.of("drifting"), workshop.rows(verdicts));
      assertEquals(before, workshop.rows(turned));

      // Well again, all turn and are well once more: one that then differs is one.
      edit(engine, hosts, "golden");
      engine.turns().end();
      assertEquals(List.of("0"), workshop.rows(open));
      edit(engine, hosts, "by hand");
      assertEquals(List.of("1"), workshop.rows(open));
      edit(engine, hosts, "golden");
      engine.turns().end();
      assertEquals(List.of("0"), workshop.rows(open));
      before = workshop.rows(turned);
      for (String target : List.of("once", "golden", "twice", "golden", "again")) {
        edit(engine, hosts.subList(0, 1), target);
      }
      engine.turns().end();
      assertEquals(List.of("0"), workshop.rows(open));
      assertEquals(before, workshop.rows(turned), "one that turns to and fro is one");
    }
  }

  /** The same file of each; and time passes. */
  private void edit(Workshop.Replica engine, List<TestHost> hosts, String target) throws Exception {
    send(engine, hosts, h -> h.delta(TestHost.path(path(0)), TestHost.file(path(0), target)));
    clock.to(clock.instant().plusSeconds(300));
    engine.timers().judge(engine.lane);
  }

  private void send(
      Workshop.Replica engine, List<TestHost> hosts, Function<TestHost, Report> report)
      throws Exception {
    for (TestHost host : hosts) {
      host.clock(clock.instant());
      Workshop.append(log, report.apply(host), clock.instant());
    }
    engine.takeAll(log);
  }

  private static void follow(Workshop.Replica engine) throws Exception {
    engine.position();
    // As with little time each turn: one host after the other.
    for (int i = 0; i < 2 * HOSTS; i++) {
      boolean unused = engine.timers().follow(engine.lane, new Slice(System.nanoTime(), true));
    }
  }

  /** Open deviations with rows, and open shares. */
  private static List<String> counts(Workshop workshop) throws Exception {
    return workshop.rows(
        "select (select count(*) from deviation where end_latest is null),"
            + " (select count(*) from drift_share where end_latest is null)");
  }

  private static String signatures(Workshop workshop) throws Exception {
    return workshop
        .rows("select string_agg(distinct encode(drift_signature, 'hex'), ',') from installation")
        .getFirst();
  }
}
