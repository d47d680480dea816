package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.comparison.Expectation;
import io.patina.engine.audit.By;
import io.patina.engine.catalogue.CatalogueConfig;
import io.patina.engine.catalogue.CatalogueReader;
import io.patina.engine.catalogue.StoredSignatures;
import io.patina.engine.catalogue.TrustedKeys;
import io.patina.engine.deviations.CauseConfig;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.fleet.Alike;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.WeighingJudge;
import io.patina.engine.life.Life;
import io.patina.engine.life.Step;
import io.patina.engine.preview.Preview;
import io.patina.engine.reports.Arrival;
import io.patina.engine.rollout.Plan;
import io.patina.engine.rollout.RolloutView;
import io.patina.engine.rollout.Rollouts;
import io.patina.engine.state.StateConfig;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.imports.Limits;
import io.patina.imports.mtree.MtreeReader;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.scope.ScopeFile;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New versions come to hosts wave by wave, through real ingest on a real database. */
class RolloutIT {

  private static final By ALICE = new By("alice@example.org", "token");
  private static final By BOB = new By("bob@example.org", "token");
  private static final By OLGA = new By("olga@example.org", "token");

  /** What a new version changes. */
  private static final List<String> CHANGED = List.of("/bin/a", "/bin/b", "/bin/c", "/bin/d", "/e");

  @TempDir Path directory;

  // When a baseline was approved is the database's word: time passes from its time on.
  private final VirtualClock clock =
      new VirtualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS).plusMillis(1123));
  private final List<Arrival> log = new ArrayList<>();
  private final List<TestHost> hosts = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Workshop workshop;

  @SuppressWarnings("NullAway.Init")
  private Workshop.Replica engine;

  @SuppressWarnings("NullAway.Init")
  private Life life;

  @SuppressWarnings("NullAway.Init")
  private Rollouts rollouts;

  @BeforeEach
  void engine() throws Exception {
    workshop =
        new Workshop(
            directory,
            Map.of(
                "patina.catalogue.approve-signed",
                "false",
                "patina.webhook.url",
                "http://127.0.0.1:9/",
                "patina.webhook.secret",
                "whsec_" + Base64.getEncoder().encodeToString(new byte[32])),
            clock);
    life =
        new Life(
            workshop.transactions(),
            new StoredSignatures(new TrustedKeys(workshop.config(CatalogueConfig.class))));
    rollouts = new Rollouts(workshop.transactions(), life, clock);
  }

  @AfterEach
  void stop() throws Exception {
    workshop.close();
  }

  /** The second of the scenarios that are to be shown by running them. */
  @Test
  void aNewImageComesInTwoWavesOverTenHostsAndIsRolledBack() throws Exception {
    Manifest before = imported("1.4");
    Manifest after = imported("1.5");
    publish("1.4", before);
    step(Step.APPROVE, "1.4", BOB);
    step(Step.ACTIVATE, "1.4", OLGA);
    tenHosts(before);
    verdicts(
        "conforming conforming conforming conforming conforming conforming conforming"
            + " conforming conforming conforming");

    // Imported, signed, handed in, looked at, approved by somebody else than who wrote it.
    publish("1.5", after);
    assertInstanceOf(Life.OwnWork.class, life.take("web", "1.5", wish(Step.APPROVE, ALICE)));
    assertInstanceOf(
        Rollouts.Refused.class, rollouts.start("web", "1.5", twoWaves(), OLGA, "not approved"));
    Preview.Seen seen =
        (Preview.Seen) preview().of("web", "1.5", new Preview.Bounds(500, Duration.ofMinutes(5)));
    assertEquals(10, seen.foreseen().examined());
    assertEquals("conforming", seen.foreseen().pools().getFirst().changes().getFirst().from());
    assertTrue(!seen.foreseen().pools().getFirst().changes().getFirst().to().equals("conforming"));
    step(Step.APPROVE, "1.5", BOB);

    // Wave 1: the two of the canary ring. Either version will do, wholly.
    assertEquals(new Rollouts.Done(), rollouts.start("web", "1.5", twoWaves(), OLGA, "change 17"));
    assertInstanceOf(Life.UnderWay.class, life.take("web", "1.4", wish(Step.RETIRE, BOB)));
    pass(Duration.ofMinutes(1));
    assertEquals(10, conforming());
    assertTrue(one(0, "reasons").contains("to be on 1.5 by"), one(0, "reasons"));
    update(0, "1.5", CHANGED);
    update(1, "1.5", CHANGED.subList(0, 2));
    // Not reached yet: one is ahead, one is half ahead.
    update(5, "1.5", CHANGED);
    update(6, "1.5", CHANGED.subList(0, 1));
    assertEquals("conforming", one(0, "verdict"));
    assertEquals("updating", one(1, "verdict"), "what changes has not settled");
    pass(Duration.ofMinutes(5));
    assertEquals("drifting", one(1, "verdict"));
    assertEquals(
        "This host is drifting: a mixture of versions, 3 facts of 1.4, 2 of 1.5.",
        one(1, "sentence"));
    assertEquals("2", one(1, "open_deviations"), "what the lesser part is");
    assertEquals("updating", one(5, "verdict"));
    assertEquals(
        "This host is wholly 1.5 before wave 2 of its rollout is reached.", one(5, "sentence"));
    assertEquals("drifting", one(6, "verdict"));
    assertTrue(one(6, "reasons").contains("4 facts of 1.4, 1 of 1.5, before wave 2"));
    RolloutView view = rollouts.of("web", "1.5").orElseThrow();
    assertEquals(List.of(1L, 0L, 1L), counts(view, 1));
    assertEquals(List.of(1L, 6L, 1L), counts(view, 2));
    assertEquals(1, view.waves().get(1).ahead());

    // An edit by hand is one on whichever version the host is.
    Instant edited = edit(0, "/bin/same", "by hand");
    pass(Duration.ofMinutes(5));
    assertEquals("drifting", one(0, "verdict"));
    assertEquals("/bin/same " + edited, deviations(0));
    edit(0, "/bin/same", "same");
    update(1, "1.5", CHANGED);
    update(6, "1.5", CHANGED);
    pass(Duration.ofMinutes(5));
    assertEquals("conforming", one(0, "verdict"));
    assertEquals("conforming", one(1, "verdict"));
    assertEquals("updating", one(6, "verdict"));

    // Wave 2: all others. A host that does not come is late, unless the rollout is paused.
    assertEquals(new Rollouts.Done(), turn(Rollouts.Turn.ADVANCE, "1.5"));
    assertInstanceOf(Rollouts.NotNow.class, turn(Rollouts.Turn.ADVANCE, "1.5"));
    pass(Duration.ofMinutes(1));
    assertEquals(10, conforming());
    // Another replica goes on; one host comes by a boot, not change by change.
    engine = workshop.new Replica();
    hosts.get(2).restart();
    CHANGED.forEach(path -> hosts.get(2).have(TestHost.file(path, "1.5")));
    hosts.get(2).clock(clock.instant());
    Workshop.append(log, hosts.get(2).snapshot(), clock.instant());
    engine.takeAll(log);
    update(3, "1.5", CHANGED.subList(0, 3));
    engine = workshop.new Replica();
    for (int i : List.of(3, 4, 7, 8)) {
      update(i, "1.5", CHANGED);
    }
    pass(Duration.ofHours(1));
    assertEquals(new Rollouts.Done(), turn(Rollouts.Turn.PAUSE, "1.5"));
    pass(Duration.ofHours(10));
    assertEquals(10, conforming());
    assertEquals(new Rollouts.Done(), turn(Rollouts.Turn.RESUME, "1.5"));
    pass(Duration.ofMinutes(50));
    assertEquals(10, conforming(), "ten hours of pause do not count");
    final String turned = turned();
    pass(Duration.ofMinutes(20));
    assertEquals("drifting investigate", one(9, "verdict") + " " + one(9, "recommendation"));
    assertEquals(turned, turned(), "who is late has not turned from its baseline");
    assertTrue(one(9, "sentence").startsWith("This host is still 1.4 and was to be on 1.5 by "));
    assertEquals(9, conforming());
    assertEquals(1, rollouts.of("web", "1.5").orElseThrow().waves().get(1).late());

    // Back: who is on the old version is well, who is on the new one deviates since then.
    Instant back = clock.instant();
    assertEquals(new Rollouts.Done(), turn(Rollouts.Turn.ROLLBACK, "1.5"));
    pass(Duration.ofMinutes(5));
    assertEquals("conforming", one(9, "verdict"));
    assertEquals(1, conforming());
    assertEquals(
        "0",
        workshop.rows("select count(*) from installation where transit is not null").getFirst());
    assertEquals(
        List.of("45 baseline-changed " + back),
        workshop.rows(
            "select count(*), cause, to_char(max(onset_latest) at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') from deviation where end_latest is null"
                + " group by cause"));
    // Most deviate in the same way: the question is asked of the baseline, not of each host.
    Alike alike = new Alike(workshop.database());
    List<Alike.View> stale = alike.list(90, "web", "1.4");
    assertEquals(
        "9 of 10 hosts of pool default deviate from web 1.4 in the same 5 facts: is it stale?",
        stale.getFirst().sentence());
    assertEquals("file /bin/a", stale.getFirst().such().getFirst());
    assertEquals(List.of(), alike.list(91, null, null));
    for (int i = 0; i < 9; i++) {
      update(i, "1.4", CHANGED);
    }
    pass(Duration.ofMinutes(5));
    assertEquals(10, conforming());
    assertEquals(
        List.of(
            "baseline.drafted signature",
            "baseline.approved bob@example.org",
            "baseline.rollout-started olga@example.org",
            "baseline.wave-reached olga@example.org",
            "baseline.wave-reached olga@example.org",
            "baseline.rollout-paused olga@example.org",
            "baseline.rollout-resumed olga@example.org",
            "baseline.rolled-back olga@example.org"),
        workshop.rows(
            "select action, subject from audit where thing = 'baseline web 1.5' order by id"));

    // Once more, by itself from wave to wave, to the end.
    Plan byItself = Plan.of(List.of(wave(Map.of("ring", "canary"), 60), wave(100, 60)), true);
    assertEquals(new Rollouts.Done(), rollouts.start("web", "1.5", byItself, OLGA, "again"));
    assertEquals(0, rollouts.advanceThoseThatConform(), "hosts do not know of it yet");
    pass(Duration.ofMinutes(1));
    assertEquals(0, rollouts.advanceThoseThatConform(), "they are on the old version");
    update(0, "1.5", CHANGED);
    update(1, "1.5", CHANGED.subList(0, 4));
    pass(Duration.ofMinutes(5));
    assertEquals(0, rollouts.advanceThoseThatConform(), "one is a mixture");
    update(1, "1.5", CHANGED);
    assertEquals(1, rollouts.advanceThoseThatConform());
    assertEquals(2, rollouts.of("web", "1.5").orElseThrow().reached());
    pass(Duration.ofMinutes(1));
    for (int i = 2; i < 10; i++) {
      update(i, "1.5", CHANGED);
    }
    pass(Duration.ofMinutes(5));
    assertEquals(new Rollouts.Done(), turn(Rollouts.Turn.FINISH, "1.5"));
    pass(Duration.ofMinutes(5));
    assertEquals(10, conforming());
    assertEquals(
        List.of("1.4 superseded", "1.5 active"),
        workshop.rows("select version, state from baseline order by version"));
    assertEquals(
        List.of("0"),
        workshop.rows("select count(*) from verdict_interval where verdict = 'unbaselined'"));
  }

  @Test
  void hostsThatUpdateThemselvesAreUnbaselinedAndKeepWhatWasEditedByHand() throws Exception {
    Manifest before = flatcar("4152.2.0");
    publish("1", before);
    step(Step.APPROVE, "1", BOB);
    step(Step.ACTIVATE, "1", OLGA);
    engine = workshop.new Replica();
    for (int i = 0; i < 200; i++) {
      TestHost host = new TestHost(1000 + i);
      before.forEach(host::have);
      hosts.add(host);
      host.clock(clock.instant());
      Workshop.append(log, host.snapshot(), clock.instant());
    }
    engine.takeAll(log);
    pass(Duration.ofMinutes(5));
    assertEquals(200, conforming());
    Instant first = edit(7, "/etc/motd", "by hand");
    pass(Duration.ofHours(1));

    // Each reboots into the new image, unasked; what was edited just now waits for its cause.
    Instant third = edit(9, "/etc/motd", "just now");
    for (TestHost host : hosts) {
      host.restart();
      host.clock(clock.instant());
      for (Entry e : flatcar("4152.2.1")) {
        if (!e.key().equals(TestHost.path("/etc/motd"))) {
          host.have(e);
        }
      }
      Workshop.append(log, host.snapshot(), clock.instant());
    }
    engine.takeAll(log);
    clock.to(clock.instant().plus(Duration.ofMinutes(30)));
    engine.timers().judge(engine.lane);
    assertEquals(0, counted("judge_at is not null"), "nothing can settle without a baseline");
    pass(Duration.ofHours(1));
    assertEquals(1, called("io.patina.image.unknown"));
    assertEquals(0, called("unbaselined"));
    assertEquals(
        List.of("unbaselined fix-baseline 200"),
        workshop.rows("select verdict, recommendation, count(*) from installation group by 1, 2"));
    assertEquals(
        "This host runs flatcar 4152.2.1, of which there is no approved baseline.",
        one(0, "sentence"));
    assertEquals(
        List.of("flatcar 4152.2.1"),
        workshop.rows("select data ->> 'image' from event where kind = 'image.unknown'"));
    // Another edit meanwhile, and a collector that starts anew and reports all over.
    Instant second = edit(8, "/etc/motd", "by another hand");
    pass(Duration.ofHours(1));
    for (int i : List.of(7, 8)) {
      hosts.get(i).restart();
      hosts.get(i).clock(clock.instant());
      Workshop.append(log, hosts.get(i).snapshot(), clock.instant());
    }
    engine.takeAll(log);
    pass(Duration.ofHours(1));

    publish("2", flatcar("4152.2.1"));
    pass(Duration.ofMinutes(1));
    assertEquals(200, counted("verdict = 'unbaselined'"));
    assertTrue(one(0, "advice").contains("web 2 is draft"), one(0, "advice"));
    step(Step.APPROVE, "2", BOB);
    step(Step.ACTIVATE, "2", OLGA);
    pass(Duration.ofMinutes(5));
    assertEquals(197, conforming());
    assertEquals(3, counted("verdict = 'drifting'"));
    // Who is again what he was before calls nobody: two have come to drift since.
    assertEquals(2, called("previous\":\"unbaselined"));
    assertEquals(
        List.of("398"),
        workshop.rows("select count(*) from event where data ->> 'silenced' like 'its image%'"));
    assertEquals("/etc/motd " + third, deviations(9));
    assertEquals("/etc/motd " + first, deviations(7));
    assertEquals("/etc/motd " + second, deviations(8));
    assertEquals(
        List.of("0"),
        workshop.rows("select count(*) from verdict_interval where verdict = 'artisanal'"));
    // The next image comes by a rollout and goes back: its hosts drift then, they are not unknown.
    publish("3", flatcar("4152.2.2"));
    step(Step.APPROVE, "3", BOB);
    assertEquals(
        new Rollouts.Done(),
        rollouts.start("web", "3", Plan.of(List.of(wave(1, 60)), false), OLGA, "change 31"));
    pass(Duration.ofMinutes(1));
    hosts.get(0).restart();
    hosts.get(0).clock(clock.instant());
    flatcar("4152.2.2").forEach(hosts.get(0)::have);
    Workshop.append(log, hosts.get(0).snapshot(), clock.instant());
    engine.takeAll(log);
    pass(Duration.ofMinutes(5));
    assertTrue(List.of("conforming", "updating").contains(one(0, "verdict")), one(0, "verdict"));
    assertEquals("NEW", one(0, "upper(transit ->> 'place')"));
    assertEquals(new Rollouts.Done(), turn(Rollouts.Turn.ROLLBACK, "3"));
    pass(Duration.ofMinutes(5));
    // Thirty files; os-release is not among what is compared exhaustively, but what it states is.
    assertEquals("31", one(0, "open_deviations"));
    assertEquals(0, counted("image_unknown"));

    // An edit of what states the image is a deviation like any other, until the host boots.
    edit(5, "/etc/motd", "by hand");
    send(5, Map.of(os("VERSION_ID", "").key(), Optional.of(os("VERSION_ID", "9999"))));
    pass(Duration.ofMinutes(5));
    assertEquals("drifting 2", one(5, "verdict") + " " + one(5, "open_deviations"));
    assertEquals(0, counted("image_unknown"));
    boot(5, "9999");
    boot(4, "9999");
    assertEquals(2, counted("image_unknown"));
    assertEquals("1", told("9999"));
    // Hosts come to it a second time, after the catalogue has changed.
    boot(5, "4152.2.1");
    boot(4, "4152.2.1");
    publish("4", flatcar("4152.2.4"));
    step(Step.APPROVE, "4", BOB);
    pass(Duration.ofMinutes(5));
    boot(5, "9999");
    assertEquals("2", told("9999"));
    assertEquals("1", one(5, "open_deviations"));
    // Nothing is held against anything any more.
    step(Step.RETIRE, "2", OLGA);
    pass(Duration.ofMinutes(5));
    assertEquals(200, counted("verdict = 'unbaselined' and open_deviations = 0"));
    assertEquals(
        List.of("0"), workshop.rows("select count(*) from deviation where end_latest is null"));
  }

  private void boot(int host, String version) throws Exception {
    hosts.get(host).restart();
    clock.to(clock.instant().plusSeconds(10));
    hosts.get(host).clock(clock.instant());
    hosts.get(host).have(os("VERSION_ID", version));
    Workshop.append(log, hosts.get(host).snapshot(), clock.instant());
    engine.takeAll(log);
  }

  /** Events of an unknown image. */
  private String told(String version) throws Exception {
    return workshop
        .rows(
            "select count(*) from event where kind = 'image.unknown' and data ->> 'image' ="
                + " 'flatcar "
                + version
                + "'")
        .getFirst();
  }

  /** Calls of the webhook that say this. */
  private int called(String what) throws Exception {
    return Integer.parseInt(
        workshop
            .rows(
                "select count(*) from webhook_delivery where convert_from(body, 'UTF8') like '%\""
                    + what
                    + "\"%'")
            .getFirst());
  }

  private String turned() throws Exception {
    return workshop.rows("select sum(hosts) from pool_turning").getFirst();
  }

  private static Plan twoWaves() throws Plan.Unusable {
    return Plan.of(List.of(wave(Map.of("ring", "canary"), 60), wave(100, 120)), false);
  }

  private static Plan.Asked wave(Map<String, String> labels, int minutes) {
    return new Plan.Asked(OptionalInt.empty(), labels, Duration.ofMinutes(minutes));
  }

  private static Plan.Asked wave(int percent, int minutes) {
    return new Plan.Asked(OptionalInt.of(percent), Map.of(), Duration.ofMinutes(minutes));
  }

  /** An image's tree as mtree(5) states it. */
  private static Manifest imported(String version) throws Exception {
    StringBuilder tree = new StringBuilder("#mtree\n");
    for (String path : CHANGED) {
      tree.append('.').append(path).append(" type=link link=").append(version).append('\n');
    }
    tree.append("./bin/same type=link link=same\n");
    return MtreeReader.read(
            new ByteArrayInputStream(tree.toString().getBytes(StandardCharsets.UTF_8)),
            ScopeFile.parse(
                "name: links\ninclude: [/**]\nattributes: [{glob: /**, names: [type, target]}]\n"),
            Limits.STANDARD)
        .manifest();
  }

  private static Manifest flatcar(String version) {
    List<Entry> entries = new ArrayList<>();
    entries.add(os("ID", "flatcar"));
    entries.add(os("VERSION_ID", version));
    entries.add(TestHost.file("/etc/motd", "as shipped"));
    for (int i = 0; i < 30; i++) {
      entries.add(TestHost.file("/usr/bin/" + i, version));
    }
    return Manifest.of(TestHost.SCOPE, entries);
  }

  private static Entry os(String field, String value) {
    return Entry.of(FactKey.of(Facet.OS, field), Attributes.value(value));
  }

  private void tenHosts(Manifest golden) throws Exception {
    for (int i = 0; i < 10; i++) {
      TestHost host = new TestHost(100 + i);
      golden.forEach(host::have);
      hosts.add(host);
      host.clock(clock.instant());
      Workshop.append(log, host.snapshot(), clock.instant());
    }
    workshop.new Replica().takeAll(log);
    workshop.execute("update host set labels = '{\"ring\":\"broad\"}'");
    workshop.execute(
        "update host set labels = '{\"ring\":\"canary\"}' where id in (select host from"
            + " installation where id in ('"
            + id(0)
            + "', '"
            + id(1)
            + "'))");
    engine = workshop.new Replica();
    pass(Duration.ofMinutes(5));
  }

  private void publish(String version, Manifest manifest) throws Exception {
    workshop.baseline(
        new GoldenBaseline(
            "web",
            version,
            manifest.digest(),
            List.of(),
            List.of(new Expectation.Keys("file", Glob.of("/**"))),
            List.of(),
            "pet",
            new Selector(Optional.empty(), Map.of()),
            clock.instant(),
            "Alice <alice@example.org>"),
        manifest);
  }

  private void step(Step step, String version, By by) throws Exception {
    assertInstanceOf(Life.Done.class, life.take("web", version, wish(step, by)));
  }

  private static Life.Wish wish(Step step, By by) {
    return new Life.Wish(step, by, "a test", Optional.empty());
  }

  private Rollouts.Outcome turn(Rollouts.Turn turn, String version) throws Exception {
    return rollouts.take(turn, "web", version, OLGA, "a test");
  }

  private Preview preview() {
    return new Preview(
        workshop.transactions(),
        new CatalogueReader(new TrustedKeys(workshop.config(CatalogueConfig.class))),
        new WeighingJudge(workshop.config(JudgeConfig.class)),
        workshop.config(StateConfig.class),
        new CauseRules(workshop.config(CauseConfig.class)),
        clock);
  }

  private void update(int host, String version, List<String> paths) throws Exception {
    Map<FactKey, Optional<Entry>> changes = new HashMap<>();
    for (String path : paths) {
      changes.put(TestHost.path(path), Optional.of(TestHost.file(path, version)));
    }
    send(host, changes);
  }

  private Instant edit(int host, String path, String target) throws Exception {
    clock.to(clock.instant().plusSeconds(10));
    send(host, Map.of(TestHost.path(path), Optional.of(TestHost.file(path, target))));
    // As a test host's own clock goes.
    return clock.instant();
  }

  private void send(int host, Map<FactKey, Optional<Entry>> changes) throws Exception {
    hosts.get(host).clock(clock.instant());
    Workshop.append(log, hosts.get(host).delta(changes), clock.instant());
    engine.takeAll(log);
  }

  /** Lets time pass, and what time alone does happen when it is due. */
  private void pass(Duration time) throws Exception {
    Instant until = clock.instant().plus(time);
    engine.position();
    int behind;
    do {
      engine.timers().follow(engine.lane);
      behind = counted("catalogue_revision < (select revision from catalogue)");
    } while (behind > 0);
    while (true) {
      String due =
          workshop
              .rows("select (extract(epoch from min(judge_at)) * 1000) from installation")
              .getFirst();
      Instant next =
          due.equals("null")
              ? Instant.MAX
              : Instant.ofEpochMilli((long) Math.ceil(Double.parseDouble(due)));
      if (next.isAfter(until)) {
        break;
      }
      if (next.isAfter(clock.instant())) {
        clock.to(next);
      }
      engine.timers().judge(engine.lane);
    }
    clock.to(until);
  }

  private UUID id(int host) {
    ByteBuffer bytes = hosts.get(host).id().asReadOnlyByteBuffer();
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  private String one(int host, String column) throws Exception {
    return workshop
        .rows("select " + column + " from installation where id = '" + id(host) + "'")
        .getFirst();
  }

  private int conforming() throws Exception {
    return counted("verdict = 'conforming'");
  }

  private int counted(String which) throws Exception {
    return Integer.parseInt(
        workshop.rows("select count(*) from installation where " + which).getFirst());
  }

  private void verdicts(String expected) throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      all.add(one(i, "verdict"));
    }
    assertEquals(expected, String.join(" ", all));
  }

  /** Open deviations of a host, with their onset. */
  private String deviations(int host) throws Exception {
    return String.join(
        ", ",
        workshop.rows(
            "select convert_from(key, 'UTF8'), to_char(onset_latest at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') from deviation where end_latest is null"
                + " and installation = '"
                + id(host)
                + "' order by key"));
  }

  /** Hosts of a wave on the new version, on the old one, and between. */
  private static List<Long> counts(RolloutView view, int wave) {
    var p = view.waves().get(wave - 1).progress();
    return List.of(p.onNew(), p.onOld(), p.mixture());
  }
}
