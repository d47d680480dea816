package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Constraint;
import io.patina.comparison.Expectation;
import io.patina.engine.Configured;
import io.patina.engine.audit.By;
import io.patina.engine.enrolment.Decisions;
import io.patina.engine.enrolment.EnrolmentConfig;
import io.patina.engine.enrolment.EnrolmentTokens;
import io.patina.engine.enrolment.Outcome;
import io.patina.engine.enrolment.Place;
import io.patina.engine.reports.Arrival;
import io.patina.engine.reports.Decoded;
import io.patina.engine.reports.ReportDecoder;
import io.patina.engine.retirement.Retirements;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.signing.PublicKey;
import io.patina.signing.SigningKey;
import io.patina.wire.EnrolmentToken;
import io.patina.wire.v1.AnnouncementKind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, under which name, and who is not, on a real database. */
class EnrolmentIT {

  private static final By OLGA = new By("olga@example.org", "token");
  private static final Decisions.Reason BECAUSE = new Decisions.Reason(OLGA, "as agreed");
  private static final Map<String, String> STRICT = Map.of("patina.enrolment.first-use", "refuse");
  private static final Map<String, String> PIN = Map.of("patina.enrolment.first-use", "pin");

  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Workshop workshop;

  private final Instant beginning = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final VirtualClock clock = new VirtualClock(beginning);
  private final List<Arrival> log = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private EnrolmentTokens tokens;

  @SuppressWarnings("NullAway.Init")
  private Decisions decisions;

  private long audited;

  @BeforeAll
  static void open() throws Exception {
    workshop = new Workshop(directory, STRICT);
  }

  @AfterAll
  static void close() throws Exception {
    workshop.close();
  }

  @BeforeEach
  void begin() throws Exception {
    workshop.execute(
        "truncate host, baseline, enrolment_token, admission_grant, knock, fleet_count, outbox,"
            + " dead_letter_count cascade");
    workshop.execute("delete from partition_offset where part > 0");
    workshop.execute("update partition_offset set next = 0, turn = 0");
    audited = Long.parseLong(workshop.rows("select coalesce(max(id), 0) from audit").getFirst());
    tokens = new EnrolmentTokens(workshop.transactions(), clock);
    decisions = decisions(STRICT);
  }

  @Test
  void whoShowsNoTokenIsListedAndNothingOfItIsKnown() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    TestHost stranger = host(1);
    stranger.called("evil\u202ename");
    send(stranger);
    append(stranger.heartbeat());
    engine.takeAll(log);
    assertEquals(List.of(), workshop.rows("select name from host"));
    assertEquals(List.of("0"), workshop.rows("select count(*) from fleet_count"));
    assertEquals(
        List.of("evil\\u{202e}name 2 not enrolled: it shows no enrolment token"),
        workshop.rows("select claimed_name, reports, reason from knock"));
    // The bytes are untouched, the reason is beside them.
    assertEquals(
        List.of("not-enrolled 1", "not-enrolled 1"),
        workshop.rows(
            "select headers->>'patina-reason', count(*) from outbox"
                + " where topic = 'patina.dead-letters.v1' group by payload, headers->>'patina-reason'"));
    // The list of those who knock is bounded, what is counted and kept of them too.
    Workshop.Replica narrow =
        replica(
            Map.of(
                "patina.enrolment.most-knocking", "3", "patina.ingest.dead-letters-per-hour", "1"));
    for (int i = 2; i < 8; i++) {
      clock.to(clock.instant().plusSeconds(1));
      TestHost more = host(i);
      more.called("more-" + i);
      send(more);
    }
    narrow.takeAll(log);
    // Who was heard last is on it, however many came before.
    assertEquals(
        List.of("more-5", "more-6", "more-7"),
        workshop.rows("select claimed_name from knock order by 1"));
    // And who is not on it is let in by a person all the same, who knows the key.
    String key = new PublicKey(stranger.key().publicKey().raw()).id();
    Map<String, String> three = Map.of("patina.enrolment.most-knocking", "3");
    assertInstanceOf(
        Outcome.Unknown.class,
        decisions.admit(id(stranger), key, Optional.empty(), new Place(null, Map.of()), BECAUSE));
    done(
        decisions(three)
            .admit(id(stranger), key, Optional.empty(), new Place(null, Map.of()), BECAUSE));
    append(stranger.heartbeat());
    narrow.takeAll(log);
    assertEquals(List.of("approved"), workshop.rows("select admission from installation"));
  }

  @Test
  void aTokenLetsInWhatItWasMadeForAndNoMore() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    EnrolmentToken pool = pool(Map.of("role", "web"), 2);
    TestHost a = host(1);
    a.enrolsWith(pool);
    TestHost thief = host(2);
    // Replayed by another key, as everybody can who reads the topic.
    thief.shows(a.shown());
    TestHost b = host(3);
    b.enrolsWith(pool);
    TestHost late = host(4);
    late.enrolsWith(pool);
    TestHost unknown = host(5);
    unknown.enrolsWith(
        EnrolmentToken.parse(EnrolmentToken.generate(new java.security.SecureRandom()).text()));
    for (TestHost each : List.of(thief, a, a, b, late, unknown)) {
      each.restart();
      send(each);
    }
    // Heartbeats show nothing: why it is refused is still the token.
    append(late.heartbeat());
    engine.takeAll(log);
    assertEquals(
        List.of("web enrolled proven", "web enrolled proven"),
        workshop.rows(
            "select h.labels->>'role', i.admission, i.sync from installation i"
                + " join host h on h.id = i.host where h.pool = 'db'"));
    assertEquals(List.of("2 2"), workshop.rows("select used, uses from enrolment_token"));
    assertEquals(
        List.of(
            "not enrolled: the proof was made for another installation or key, or by no token",
            "not enrolled: the token TOKEN has let in 2 installations, which is all that it was made"
                + " for",
            "not enrolled: the token is not known here"),
        workshop.rows("select regexp_replace(reason, '[0-9a-f-]{36}', 'TOKEN') from knock").stream()
            .sorted()
            .toList());
    assertEquals(
        List.of("2"),
        workshop.rows("select sum(hosts) from fleet_count where pool = 'db' and hosts > 0"));

    // Nothing that is kept or sent lets anybody in.
    for (String table : List.of("enrolment_token", "audit", "event", "knock", "outbox")) {
      assertEquals(
          List.of("0"),
          workshop.rows(
              "select count(*) from " + table + " t where t::text like '%" + pool.text() + "%'"));
    }
    for (Arrival each : log) {
      assertFalse(each.value().toStringUtf8().contains("patina_enrol_"));
    }
  }

  @Test
  void expiredAndRevokedTokensLetNobodyInWhatTheBrokerHadInTimeDoes() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    EnrolmentTokens.Made made = made(Optional.empty(), null, Map.of(), 9, null);
    EnrolmentToken token = EnrolmentToken.parse(made.text());
    TestHost intime = host(1);
    intime.enrolsWith(token);
    send(intime);
    TestHost over = host(2);
    over.enrolsWith(token);
    // The engine was away for a day; the broker was not.
    clock.to(beginning.plus(Duration.ofHours(1)));
    send(over);
    clock.to(beginning.plus(Duration.ofDays(1)));
    engine.takeAll(log);
    assertEquals(List.of("1"), workshop.rows("select count(*) from installation"));
    assertEquals(List.of("t"), workshop.rows("select reason like '%expired at%' from knock"));

    EnrolmentTokens.Made other = made(Optional.empty(), null, Map.of(), 9, null);
    assertTrue(tokens.revoke(other.id(), OLGA));
    TestHost third = host(3);
    third.enrolsWith(EnrolmentToken.parse(other.text()));
    send(third);
    engine.takeAll(log);
    assertEquals(List.of("1"), workshop.rows("select count(*) from installation"));
    assertEquals(
        List.of(
            "enrolment-token.made",
            "enrolment-token.made",
            "enrolment-token.revoked",
            "installation.enrolled"),
        workshop.rows("select action from audit where id > " + audited + " order by action"));
  }

  @Test
  void oneUseIsOneUseHoweverManyEnginesAreShownItAtOnce() throws Exception {
    // Another replica with a partition of its own, so that no fence stands between the two.
    workshop.execute(
        "insert into partition_offset (topic_id, part, next) values ('"
            + Workshop.TOPIC_ID
            + "', 1, 0)");
    EnrolmentToken one = pool(Map.of(), 1);
    TestHost a = host(1);
    TestHost b = host(2);
    a.enrolsWith(one);
    b.enrolsWith(one);
    CountDownLatch together = new CountDownLatch(2);
    List<Thread> engines = new ArrayList<>();
    List<Throwable> failed = new ArrayList<>();
    for (int part = 0; part < 2; part++) {
      Workshop.Replica engine = replica(STRICT);
      Lane lane = new Lane(Workshop.TOPIC_ID, part);
      TestHost host = part == 0 ? a : b;
      Decoded decoded =
          new ReportDecoder(1)
              .decode(new Arrival(0, 0, beginning, host.id(), host.snapshot().toByteString()));
      workshop.transactions().perform(lane::read);
      engines.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      together.countDown();
                      boolean unused = together.await(60, TimeUnit.SECONDS);
                      engine.slices().take(lane, List.of(decoded));
                    } catch (Exception | Error e) {
                      synchronized (failed) {
                        failed.add(e);
                      }
                    }
                  }));
    }
    for (Thread each : engines) {
      each.join();
    }
    assertEquals(List.of(), failed);
    assertEquals(List.of("1"), workshop.rows("select count(*) from installation"));
    assertEquals(List.of("1"), workshop.rows("select count(*) from knock"));
    assertEquals(List.of("1"), workshop.rows("select used from enrolment_token"));
  }

  @Test
  void aReimageIsTheNextLifeOfItsHostByATokenForIt() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    baseline("web", Map.of("role", "web"), "golden");
    TestHost first = host(1);
    first.called("localhost");
    first.have(TestHost.file("/bin/sh", "edited"));
    first.enrolsWith(named("web-7", Map.of("role", "web")));
    send(first);
    engine.takeAll(log);
    clock.to(clock.instant().plus(Duration.ofMinutes(10)));
    tick(engine);
    assertEquals(
        List.of("web-7 1"),
        workshop.rows(
            "select h.name, i.open_deviations from host h join installation i on i.host = h.id"));
    TestHost second = host(2);
    second.have(TestHost.file("/bin/sh", "golden"));
    second.enrolsWith(named("web-7", Map.of("rack", "b12")));
    send(second);
    engine.takeAll(log);
    // Whoever has found a token does not take the place of a host that is there.
    assertEquals(
        List.of("not enrolled: its host is still heard, as installation " + id(first)),
        workshop.rows(
            "select split_part(reason, ':', 1) || ':' || split_part(reason, ':', 2) from knock"));
    assertEquals(List.of("1"), workshop.rows("select sum(used) from enrolment_token"));
    append(first.announcement(AnnouncementKind.REBOOTING));
    engine.takeAll(log);
    send(second);
    engine.takeAll(log);
    assertEquals(List.of("2"), workshop.rows("select sum(used) from enrolment_token"));
    append(first.heartbeat());
    tick(engine);
    engine.takeAll(log);
    // One host with two lives: the first has ended, is not counted, and is not heard any more.
    assertEquals(
        List.of("web-7 conforming f web b12", "web-7 unobserved t web b12"),
        workshop.rows(
            "select h.name, i.verdict, i.ended, h.labels->>'role', h.labels->>'rack' from host h"
                + " join installation i on i.host = h.id order by i.ended"));
    assertEquals(
        List.of("conforming 1"),
        workshop.rows(
            "select verdict, sum(hosts) from fleet_count group by 1 having sum(hosts) > 0"));
    assertEquals(
        List.of("0"), workshop.rows("select count(*) from deviation where end_latest is null"));
    assertEquals(
        List.of("not-enrolled", "replaced"),
        workshop.rows(
            "select headers->>'patina-reason' from outbox where topic = 'patina.dead-letters.v1'"
                + " order by 1"));
  }

  @Test
  void aPinnedHostIsInNoPoolUntilAPersonApprovesAndJoinsItsHostByAPersonOnly() throws Exception {
    Workshop.Replica engine = replica(PIN);
    baseline("web", Map.of("role", "web"), "golden");
    TestHost host = host(1);
    host.have(TestHost.file("/bin/sh", "golden"));
    send(host);
    engine.takeAll(log);
    tick(engine);
    String counted =
        "select pool, verdict, sum(hosts) from fleet_count group by 1, 2 having sum(hosts) > 0";
    assertEquals(List.of(" unbaselined 1"), workshop.rows(counted));
    // What is shown is looked at, and not passed over by the next report.
    TestHost wrong = host(3);
    wrong.enrolsWith(EnrolmentToken.generate(new java.security.SecureRandom()));
    append(wrong.announcement(AnnouncementKind.STARTED));
    send(wrong);
    append(wrong.heartbeat());
    append(wrong.announcement(AnnouncementKind.STARTED));
    engine.takeAll(log);
    tick(engine);
    assertEquals(List.of(" unbaselined 1"), workshop.rows(counted));
    assertEquals(
        List.of("not enrolled: the token is not known here 4"),
        workshop.rows("select reason, reports from knock"));
    done(decisions.approve(id(host), new Place("db", Map.of("role", "web")), BECAUSE));
    assertInstanceOf(
        Outcome.Impossible.class, decisions.approve(id(host), new Place("db", Map.of()), BECAUSE));
    // Nothing is heard of it: what selects its baseline is asked all the same.
    tick(engine);
    assertEquals(List.of("db conforming 1"), workshop.rows(counted));

    // Reimaged, and nobody gave it a token: shown as new.
    clock.to(clock.instant().plusSeconds(60));
    TestHost again = host(2);
    again.have(TestHost.file("/bin/sh", "edited"));
    send(again);
    engine.takeAll(log);
    tick(engine);
    assertEquals(List.of(" unbaselined 1", "db conforming 1"), workshop.rows(counted));
    UUID slot =
        UUID.fromString(
            workshop
                .rows("select host from installation where id = '" + id(host) + "'")
                .getFirst());
    assertInstanceOf(Outcome.Impossible.class, decisions.join(id(host), slot, BECAUSE));
    done(decisions.join(id(again), slot, BECAUSE));
    tick(engine);
    clock.to(clock.instant().plus(Duration.ofMinutes(10)));
    tick(engine);
    assertEquals(List.of("db drifting 1"), workshop.rows(counted));
    assertEquals(
        List.of(slot + " t", slot + " f"),
        workshop.rows("select host, ended from installation order by first_seen"));
    assertEquals(List.of(slot.toString()), workshop.rows("select distinct host from deviation"));
    assertEquals(
        List.of("1"), workshop.rows("select count(*) from host where retired_at is not null"));
    // It is none any more, and nobody retired it.
    assertEquals(List.of(), new Retirements(workshop.transactions(), clock).list(10));
  }

  @Test
  void labelsThatAreChangedCountAtOnceHoweverOften() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    baseline("web", Map.of("role", "web"), "golden");
    baseline("db", Map.of("role", "db"), "other");
    TestHost host = host(1);
    host.have(TestHost.file("/bin/sh", "golden"));
    host.enrolsWith(pool(Map.of("role", "web"), 1));
    send(host);
    engine.takeAll(log);
    tick(engine);
    UUID slot = UUID.fromString(workshop.rows("select id from host").getFirst());
    String judged =
        "select b.name, i.verdict, i.open_deviations, h.pool from installation i"
            + " join host h on h.id = i.host left join baseline b on b.statement = i.baseline";
    assertEquals(List.of("web conforming 0 db"), workshop.rows(judged));
    for (int turn = 0; turn < 2; turn++) {
      done(decisions.assign(slot, new Place(null, Map.of("role", "db")), BECAUSE));
      tick(engine);
      clock.to(clock.instant().plus(Duration.ofMinutes(10)));
      tick(engine);
      String pool = turn == 0 ? "db" : "front";
      assertEquals(List.of("db drifting 1 " + pool), workshop.rows(judged));
      done(decisions.assign(slot, new Place("front", Map.of("role", "web")), BECAUSE));
      tick(engine);
      assertEquals(List.of("web conforming 0 front"), workshop.rows(judged));
    }
    assertEquals(
        List.of("front conforming 1"),
        workshop.rows(
            "select pool, verdict, sum(hosts) from fleet_count group by 1, 2 having sum(hosts) > 0"));
    assertEquals(
        List.of("2"), workshop.rows("select count(*) from deviation where end_latest is not null"));
    assertEquals(
        List.of("4"),
        workshop.rows(
            "select count(*) from audit where action = 'labels.assigned' and id > " + audited));
    append(host.heartbeat());
    engine.takeAll(log);
    assertEquals(List.of("0"), workshop.rows("select count(*) from knock"));
  }

  @Test
  void whatABaselineExpectsByALabelIsComparedAgainWhenTheLabelChanges() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    Expectation byRole =
        Expectation.Values.of(
            new Expectation.Keys("file", Glob.of("/bin/sh")),
            Expectation.Presence.REQUIRED,
            "target",
            new Constraint.Exactly("${label:role}"),
            "each role has its own");
    baseline("all", Map.of(), "golden", List.of(byRole));
    TestHost host = host(1);
    host.have(TestHost.file("/bin/sh", "web"));
    host.enrolsWith(pool(Map.of("role", "web"), 1));
    send(host);
    engine.takeAll(log);
    tick(engine);
    UUID slot = UUID.fromString(workshop.rows("select id from host").getFirst());
    for (String role : List.of("db", "web", "db", "web")) {
      done(decisions.assign(slot, new Place(null, Map.of("role", role)), BECAUSE));
      tick(engine);
      assertEquals(
          List.of(role.equals("web") ? "0" : "1"),
          workshop.rows("select open_deviations from installation"));
    }
  }

  @Test
  void aRevokedInstallationIsNotHeardFromItsNextReportOn() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    TestHost host = host(1);
    host.enrolsWith(pool(Map.of(), 1));
    send(host);
    engine.takeAll(log);
    tick(engine);
    append(host.heartbeat());
    // In memory only, as heartbeats are for some seconds; then somebody decides.
    assertTrue(engine.take(log, 10));
    done(decisions.revoke(id(host), new Decisions.Reason(OLGA, "stolen")));
    append(host.heartbeat());
    // The one who reads learns of it when it writes, whatever it has taken into memory.
    assertTrue(engine.take(log, 10));
    assertThrows(Lane.FenceLost.class, () -> engine.slices().flush(engine.lane));
    engine.takeAll(log);
    tick(engine);
    assertEquals(
        List.of(
            "unobserved Nothing that this installation reports is taken: revoked by"
                + " olga@example.org: stolen."),
        workshop.rows("select verdict, sentence from installation"));
    assertEquals(
        List.of("revoked revoked by olga@example.org: stolen"),
        workshop.rows(
            "select distinct headers->>'patina-reason', headers->>'patina-explanation' from outbox"
                + " where topic = 'patina.dead-letters.v1'"));
    workshop.execute(
        "insert into host (id, name, pool, labels, created_at)"
            + " values (gen_random_uuid(), 'other', 'db', '{}', now())");
    assertInstanceOf(
        Outcome.Impossible.class,
        decisions.join(
            id(host),
            UUID.fromString(workshop.rows("select id from host where name = 'other'").getFirst()),
            BECAUSE));
    assertInstanceOf(
        Outcome.Impossible.class, decisions.approve(id(host), new Place(null, Map.of()), BECAUSE));
    // It is not let in again by whatever it has.
    host.rotate();
    send(host);
    engine.takeAll(log);
    assertEquals(
        List.of("revoked"),
        workshop.rows(
            "select distinct headers->>'patina-reason' from outbox"
                + " where topic = 'patina.dead-letters.v1' order by 1"));
    assertEquals(
        List.of("0"), workshop.rows("select count(*) from event where kind = 'key.rotated'"));
    assertInstanceOf(
        Outcome.Impossible.class,
        decisions.admit(
            id(host),
            new PublicKey(host.key().publicKey().raw()).id(),
            Optional.empty(),
            new Place(null, Map.of()),
            BECAUSE));
  }

  @Test
  void aKeyGivesWayToAnotherByItsOwnSignatureOnly() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    TestHost host = host(1);
    host.enrolsWith(pool(Map.of(), 1));
    SigningKey first = host.key();
    send(host);
    engine.takeAll(log);
    SigningKey stranger = SigningKey.ofSeed(ByteString.fromHex("09".repeat(32)));
    host.takes(stranger);
    send(host);
    engine.takeAll(log);
    assertEquals(List.of("foreign-key"), refusals());
    host.takes(first);
    send(host);
    // Twice, of which the engine hears once.
    host.rotate();
    host.rotate();
    send(host);
    append(host.heartbeat());
    engine.takeAll(log);
    assertEquals(
        List.of("t proven 2"),
        workshop.rows(
            "select public_key = decode('"
                + java.util.HexFormat.of().formatHex(host.key().publicKey().raw().toByteArray())
                + "', 'hex'), sync, sequence from installation"));
    // What signs with the first is not heard any more, however rightly.
    SigningKey last = host.key();
    host.takes(first);
    append(host.heartbeat());
    send(host);
    engine.takeAll(log);
    assertEquals(List.of("foreign-key", "foreign-key", "foreign-key"), refusals());
    assertEquals(
        List.of("signed by a key that has given way to another"),
        workshop.rows(
            "select distinct headers->>'patina-explanation' from outbox where ordinal ="
                + " (select max(ordinal) from outbox where topic = 'patina.dead-letters.v1')"));
    host.takes(last);
    send(host);
    engine.takeAll(log);
    assertEquals(3, refusals().size());
    assertEquals(
        List.of("1"), workshop.rows("select count(*) from event where kind = 'key.rotated'"));
    // Its key changes once more, and all that is heard of it is its farewell.
    host.rotate();
    append(host.announcement(AnnouncementKind.RETIRED));
    engine.takeAll(log);
    assertEquals(3, refusals().size());
    assertEquals(List.of("retired"), workshop.rows("select announced from installation"));
  }

  @Test
  void aGrantThatNobodyUsedEndsAndIsTakenBack() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    TestHost host = host(1);
    send(host);
    engine.takeAll(log);
    String key = new PublicKey(host.key().publicKey().raw()).id();
    for (boolean withdrawn : new boolean[] {true, false}) {
      done(decisions.admit(id(host), key, Optional.empty(), new Place(null, Map.of()), BECAUSE));
      if (withdrawn) {
        done(decisions.withdraw(id(host), OLGA));
        assertInstanceOf(Outcome.Unknown.class, decisions.withdraw(id(host), OLGA));
      } else {
        clock.to(clock.instant().plus(Duration.ofDays(7)));
      }
      append(host.heartbeat());
      engine.takeAll(log);
      assertEquals(List.of("0"), workshop.rows("select count(*) from installation"));
    }
    assertEquals(
        List.of("1"),
        workshop.rows(
            "select count(*) from audit where action = 'installation.admission-withdrawn'"
                + " and id > "
                + audited));
  }

  @Test
  void aPersonLetsInWhoKnocksUnderTheKeyThatWasCompared() throws Exception {
    Workshop.Replica engine = replica(STRICT);
    TestHost host = host(1);
    TestHost impostor = host(1);
    impostor.takes(SigningKey.ofSeed(ByteString.fromHex("09".repeat(32))));
    send(host);
    send(impostor);
    engine.takeAll(log);
    String key = new PublicKey(host.key().publicKey().raw()).id();
    assertInstanceOf(
        Outcome.Impossible.class,
        decisions.admit(
            id(host), "00".repeat(32), Optional.empty(), new Place(null, Map.of()), BECAUSE));
    done(decisions.admit(id(host), key, Optional.empty(), new Place("db", Map.of()), BECAUSE));
    impostor.restart();
    send(impostor);
    host.restart();
    send(host);
    engine.takeAll(log);
    assertEquals(
        List.of("approved olga@example.org db proven"),
        workshop.rows(
            "select i.admission, i.admitted_by, h.pool, i.sync from installation i"
                + " join host h on h.id = i.host"));
    assertEquals(List.of("0"), workshop.rows("select count(*) from knock"));
  }

  /** By its own clock, as the tests of this class have theirs. */
  private Workshop.Replica replica(Map<String, String> settings) {
    return workshop.new Replica(settings, clock);
  }

  private Decisions decisions(Map<String, String> settings) {
    return new Decisions(
        workshop.transactions(), Configured.with(EnrolmentConfig.class, settings), clock);
  }

  private List<String> refusals() throws Exception {
    return workshop.rows(
        "select headers->>'patina-reason' from outbox where topic = 'patina.dead-letters.v1'");
  }

  private static TestHost host(long seed) {
    return new TestHost(seed);
  }

  private static UUID id(TestHost host) {
    ByteBuffer b = host.id().asReadOnlyByteBuffer();
    return new UUID(b.getLong(), b.getLong());
  }

  private void send(TestHost host) {
    append(host.snapshot());
  }

  private void append(io.patina.wire.v1.Report report) {
    Workshop.append(log, report, clock.instant());
  }

  /** What time and decisions do. */
  private void tick(Workshop.Replica engine) throws Exception {
    for (int i = 0; i < 3; i++) {
      engine.position();
      engine.timers().follow(engine.lane);
    }
    engine.position();
    engine.timers().judge(engine.lane);
  }

  private static void done(Outcome outcome) {
    assertInstanceOf(Outcome.Done.class, outcome);
  }

  private EnrolmentToken pool(Map<String, String> labels, int uses) throws Exception {
    return EnrolmentToken.parse(made(Optional.empty(), null, labels, uses, "db").text());
  }

  private EnrolmentToken named(String name, Map<String, String> labels) throws Exception {
    return EnrolmentToken.parse(made(Optional.empty(), name, labels, 1, null).text());
  }

  private EnrolmentTokens.Made made(
      Optional<UUID> host,
      @Nullable String name,
      Map<String, String> labels,
      int uses,
      @Nullable String pool)
      throws Exception {
    return tokens
        .make(
            new EnrolmentTokens.Wish(
                host,
                name,
                new Place(pool, new HashMap<>(labels)),
                uses,
                Duration.ofHours(1),
                "test"),
            OLGA)
        .orElseThrow();
  }

  private void baseline(String name, Map<String, String> labels, String shell) throws Exception {
    baseline(name, labels, shell, List.of());
  }

  private void baseline(
      String name, Map<String, String> labels, String shell, List<Expectation> expectations)
      throws Exception {
    Manifest manifest = Manifest.of(TestHost.SCOPE, List.of(TestHost.file("/bin/sh", shell)));
    workshop.baseline(
        new GoldenBaseline(
            name,
            "1",
            manifest.digest(),
            List.of(),
            List.of(new Expectation.Keys("file", Glob.of("/**"))),
            expectations,
            "pet",
            new Selector(Optional.empty(), labels),
            beginning,
            "test"),
        manifest);
  }
}
