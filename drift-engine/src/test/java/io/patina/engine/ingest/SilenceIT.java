package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.patina.engine.audit.By;
import io.patina.engine.ingest.Lane.FenceLost;
import io.patina.engine.reading.BrokerLine;
import io.patina.engine.reading.Reading;
import io.patina.engine.reports.Arrival;
import io.patina.engine.retirement.Retirements;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.wire.v1.AnnouncementKind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts are silent only if the line could have heard them. */
class SilenceIT {

  private static final int HOSTS = 20;

  /** Of the heartbeats that these hosts send. */
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  @TempDir Path directory;

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final List<Arrival> log = new ArrayList<>();
  private final List<TestHost> hosts = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Workshop workshop;

  @SuppressWarnings("NullAway.Init")
  private Workshop.Replica engine;

  @SuppressWarnings("NullAway.Init")
  private BrokerLine line;

  @BeforeEach
  void fleet() throws Exception {
    workshop =
        new Workshop(
            directory,
            // Nobody calls it; what would be told waits in the table.
            Map.of(
                "patina.webhook.url",
                "http://127.0.0.1:9/",
                "patina.webhook.secret",
                "whsec_" + Base64.getEncoder().encodeToString(new byte[32])),
            clock);
    Manifest golden = Manifest.of(TestHost.SCOPE, List.of(TestHost.file("/bin/1", "golden")));
    workshop.baseline(
        new GoldenBaseline(
            "pool",
            "1",
            golden.digest(),
            List.of(),
            List.of(),
            List.of(),
            "pet",
            new Selector(Optional.empty(), Map.of()),
            clock.instant(),
            "test"),
        golden);
    engine = workshop.new Replica();
    line = new BrokerLine(clock.instant());
    for (int i = 0; i < HOSTS; i++) {
      TestHost host = new TestHost(i + 1);
      golden.forEach(host::have);
      host.clock(clock.instant());
      Workshop.append(log, host.snapshot(), clock.instant());
      hosts.add(host);
    }
    engine.takeAll(log);
    everyoneSpeaks();
    engine.takeAll(log);
    assertEquals(List.of("conforming " + HOSTS), verdicts());
  }

  @AfterEach
  void close() throws Exception {
    workshop.close();
  }

  private void everyoneSpeaks() {
    for (TestHost host : hosts) {
      host.clock(clock.instant());
      Workshop.append(log, host.heartbeat(), clock.instant());
    }
  }

  private void pass(Duration time) {
    clock.to(clock.instant().plus(time));
  }

  /** What {@link Reading} does when it is time to look for silent hosts. */
  private void look() throws SQLException, FenceLost {
    engine.position();
    Optional<Instant> progress =
        line.readTo(log.size() - engine.lane.position(), engine.lane.progress());
    if (progress.isPresent()) {
      engine.timers().judge(engine.lane);
      engine.timers().silence(engine.lane, progress.get(), line.upSince());
    }
  }

  private List<String> verdicts() throws SQLException {
    return workshop.rows("select verdict, count(*) from installation group by verdict order by 1");
  }

  /** How many hosts were ever called unobserved after they had been judged. */
  private List<String> everSilent() throws SQLException {
    return workshop.rows("select count(*) from event where kind = 'host.silent'");
  }

  @Test
  void whileTheBrokerIsAwayForAnHourNobodyIsSilentAndAfterwardsNeither() throws Exception {
    line.down();
    for (int minute = 0; minute < 60; minute++) {
      pass(Duration.ofMinutes(1));
      look();
    }
    line.up(clock.instant());
    look();
    // Their spools arrive within the interval, in any order; the engine looks all the while.
    for (int i = 0; i < HOSTS; i++) {
      pass(Duration.ofSeconds(15));
      line.up(clock.instant());
      hosts.get(i).clock(clock.instant());
      Workshop.append(log, hosts.get(i).heartbeat(), clock.instant());
      engine.takeAll(log);
      look();
    }
    assertEquals(List.of("0"), everSilent());
    assertEquals(List.of("conforming " + HOSTS), verdicts());
  }

  @Test
  void whileTheEngineIsDownForAnHourNobodyIsSilentAndAfterwardsNeither() throws Exception {
    for (int minute = 0; minute < 60; minute++) {
      pass(Duration.ofMinutes(1));
      if (minute % INTERVAL.toMinutes() == 0) {
        everyoneSpeaks();
      }
    }
    // It starts anew, reads a few reports at a time, and looks between.
    engine = workshop.new Replica();
    line = new BrokerLine(clock.instant());
    engine.position();
    while (engine.lane.position() < log.size()) {
      assertEquals(true, engine.take(log, 7));
      look();
    }
    engine.takeAll(log);
    look();
    assertEquals(List.of("0"), everSilent());
    assertEquals(List.of("conforming " + HOSTS), verdicts());
  }

  @Test
  void whoDoesNotComeBackIsSilentWhenItsWholeIntervalIsOverAndTheOthersAreNot() throws Exception {
    line.down();
    pass(Duration.ofHours(1));
    line.up(clock.instant());
    TestHost dead = hosts.removeLast();
    for (int minute = 0; minute < 40; minute++) {
      if (minute % INTERVAL.toMinutes() == 0) {
        everyoneSpeaks();
      }
      engine.takeAll(log);
      if (minute == 14) {
        look();
        assertEquals(List.of("0"), everSilent());
      }
      pass(Duration.ofMinutes(1));
      line.up(clock.instant());
      look();
    }
    assertEquals(List.of("1"), everSilent());
    assertEquals(List.of("conforming " + (HOSTS - 1), "unobserved 1"), verdicts());
    assertEquals(
        List.of("unobserved"),
        workshop.rows("select verdict from installation where id = '" + id(dead) + "'"));
  }

  @Test
  void aScaleDownOfFiftyByAnnouncementAndFiftyByHandRaisesNothing() throws Exception {
    List<TestHost> going = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      TestHost host = new TestHost(1000 + i);
      host.have(TestHost.file("/bin/1", "golden"));
      host.clock(clock.instant());
      Workshop.append(log, host.snapshot(), clock.instant());
      Workshop.append(log, host.heartbeat(), clock.instant());
      going.add(host);
    }
    engine.takeAll(log);
    assertEquals(List.of("conforming " + (HOSTS + 100)), verdicts());
    String told = "select count(*) from webhook_delivery";
    List<String> before = workshop.rows(told);
    Set<UUID> byHand = new HashSet<>();
    for (TestHost host : going.subList(50, 100)) {
      byHand.add(
          UUID.fromString(
              workshop
                  .rows("select host from installation where id = '" + id(host) + "'")
                  .getFirst()));
    }
    for (TestHost host : going.subList(0, 50)) {
      host.clock(clock.instant());
      Workshop.append(log, host.announcement(AnnouncementKind.RETIRED), clock.instant());
    }
    Retirements retirements = new Retirements(workshop.transactions(), clock);
    assertEquals(50, retirements.retire(byHand, "scaled down", new By("olga", "token")));
    engine.decisions().follow(engine.lane);
    // Those that somebody retired go on for a while, and change, until they are switched off.
    for (TestHost host : going.subList(50, 100)) {
      host.clock(clock.instant());
      Workshop.append(
          log,
          host.delta(TestHost.path("/bin/1"), TestHost.file("/bin/1", "other")),
          clock.instant());
      Workshop.append(log, host.announcement(AnnouncementKind.STOPPING), clock.instant());
    }
    for (int minute = 0; minute < 120; minute++) {
      if (minute % INTERVAL.toMinutes() == 0) {
        everyoneSpeaks();
      }
      engine.takeAll(log);
      pass(Duration.ofMinutes(1));
      line.up(clock.instant());
      look();
      engine.decisions().follow(engine.lane);
    }
    assertEquals(List.of("0"), everSilent());
    assertEquals(before, workshop.rows(told));
    assertEquals(
        List.of("0"),
        workshop.rows("select count(*) from installation where verdict = 'unobserved' or silent"));
    assertEquals(
        List.of("conforming " + HOSTS, "retired 100"),
        workshop.rows(
            "select verdict, sum(hosts) from fleet_count group by 1 having sum(hosts) > 0"
                + " order by 1"));
    assertEquals(100, retirements.list(1000).size());
    assertEquals(50, retirements.list(1000).stream().filter(r -> "olga".equals(r.by())).count());
    assertEquals(
        List.of("50"), workshop.rows("select count(*) from event where kind = 'deviation.opened'"));
  }

  private static java.util.UUID id(TestHost host) {
    var bytes = host.id().asReadOnlyByteBuffer();
    return new java.util.UUID(bytes.getLong(), bytes.getLong());
  }
}
