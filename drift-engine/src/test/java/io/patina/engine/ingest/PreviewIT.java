package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.engine.Configured;
import io.patina.engine.audit.By;
import io.patina.engine.catalogue.BaselineIntake;
import io.patina.engine.catalogue.CatalogueConfig;
import io.patina.engine.catalogue.CatalogueReader;
import io.patina.engine.catalogue.TrustedKeys;
import io.patina.engine.deviations.CauseConfig;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.WeighingJudge;
import io.patina.engine.preview.Foreseen;
import io.patina.engine.preview.Preview;
import io.patina.engine.preview.PreviewConfig;
import io.patina.engine.preview.PreviewJob;
import io.patina.engine.preview.PreviewJobs;
import io.patina.engine.reports.Arrival;
import io.patina.engine.state.StateConfig;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.scope.Glob;
import io.patina.signing.SigningKey;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a preview foresees is what happens. */
class PreviewIT {

  private static final Preview.Bounds ALL = new Preview.Bounds(500, Duration.ofMinutes(5));

  @TempDir Path directory;

  // When a baseline became active is the database's word: time passes from its time on.
  private final Instant beginning = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final VirtualClock clock = new VirtualClock(beginning);
  private final List<Arrival> log = new ArrayList<>();

  @Test
  void whatItForeseesPerPoolIsWhatHappensOnceItIsActive() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of(), clock)) {
      Manifest before = manifest("old");
      workshop.baseline(baseline("1", before), before);
      Workshop.Replica engine = workshop.new Replica();
      for (int i = 0; i < 12; i++) {
        TestHost host = new TestHost(100 + i);
        // Three are ahead of the others.
        host.have(TestHost.file("/bin/sh", i % 4 == 0 ? "new" : "old"));
        host.have(TestHost.file("/bin/ls", "same"));
        Workshop.append(log, host.snapshot(), clock.instant());
      }
      engine.takeAll(log);
      workshop.execute("update host set pool = 'db'");
      workshop.execute(
          "update host set pool = 'web' where id in (select host from installation order by id"
              + " limit 8)");
      settle(engine);
      Map<String, Long> now = verdicts(workshop);

      Manifest after = manifest("new");
      draft(workshop, baseline("2", after), after);
      Preview preview = preview(workshop);
      Foreseen foreseen = seen(preview.of("pool", "2", ALL));
      assertEquals("draft", foreseen.state());
      assertEquals(12, foreseen.hosts());
      assertNull(foreseen.note());
      assertEquals(now, verdicts(workshop), "looking changes nothing");

      workshop.baseline(baseline("2", after), after);
      settle(engine);
      Map<String, Long> then = verdicts(workshop);
      assertNotEquals(now, then);
      assertEquals(now, counted(foreseen, true));
      assertEquals(then, counted(foreseen, false));

      // A pool that is larger than the sample says so.
      Foreseen sample = seen(preview.of("pool", "2", new Preview.Bounds(3, Duration.ofMinutes(5))));
      assertEquals(6, sample.examined());
      assertEquals(12, sample.hosts());
      assertEquals(
          "A sample: 6 of 12 hosts were examined, picked at random in every pool.", sample.note());
      Foreseen none = seen(preview.of("pool", "2", new Preview.Bounds(3, Duration.ofNanos(-1))));
      assertEquals(0, none.examined());
      assertTrue(String.valueOf(none.note()).endsWith("then the time was up."), none.note());
    }
  }

  @Test
  void whereAnotherGoesFirstNothingWouldChange() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of(), clock)) {
      Manifest old = manifest("old");
      TestHost host = new TestHost(1);
      host.have(TestHost.file("/bin/sh", "old"));
      Workshop.append(log, host.snapshot(), clock.instant());
      Workshop.Replica engine = workshop.new Replica();
      engine.takeAll(log);
      workshop.execute("update host set labels = '{\"pool\":\"web\"}'");
      workshop.baseline(
          new GoldenBaseline(
              "web",
              "1",
              old.digest(),
              List.of(),
              List.of(),
              List.of(),
              "pet",
              new Selector(Optional.empty(), Map.of("pool", "web")),
              beginning,
              "test"),
          old);
      draft(workshop, baseline("1", old), old);
      Foreseen foreseen = seen(preview(workshop).of("pool", "1", ALL));
      assertEquals(1, foreseen.pools().getFirst().behind());
      assertEquals(List.of(), foreseen.pools().getFirst().changes());
      assertTrue(preview(workshop).of("nothing", "1", ALL) instanceof Preview.Unknown);

      PreviewJobs jobs =
          new PreviewJobs(
              workshop.transactions(),
              preview(workshop),
              Configured.with(PreviewConfig.class, Map.of("patina.preview.waiting", "1")));
      By alice = new By("alice", "token");
      UUID whole = jobs.start("pool", "1", 100, alice).orElseThrow();
      PreviewJob done = ended(jobs, whole);
      assertEquals("done", done.state());
      assertEquals(foreseen, done.result());
      assertEquals(1, done.examined());
      UUID nothing = jobs.start("nothing", "1", 100, alice).orElseThrow();
      assertEquals("failed", ended(jobs, nothing).state());
      // One stands still at what somebody holds, one waits for it and is cancelled, a third is too
      // many; the first goes on.
      UUID[] ids = new UUID[2];
      workshop
          .transactions()
          .perform(
              c -> {
                try (Statement s = c.createStatement()) {
                  s.execute("lock table installation in access exclusive mode");
                }
                ids[0] = jobs.start("pool", "1", 100, alice).orElseThrow();
                Await.until(() -> jobs.find(ids[0]).orElseThrow().state().equals("running"));
                ids[1] = jobs.start("pool", "1", 100, alice).orElseThrow();
                assertEquals(Optional.empty(), jobs.start("pool", "1", 100, alice));
                jobs.cancel(ids[1], alice);
                assertEquals("cancelled", jobs.find(ids[1]).orElseThrow().state());
                assertEquals("running", jobs.find(ids[0]).orElseThrow().state());
              });
      assertEquals("done", ended(jobs, ids[0]).state());
      assertEquals("cancelled", ended(jobs, ids[1]).state());
      jobs.cancel(ids[0], alice);
      assertEquals("done", jobs.find(ids[0]).orElseThrow().state(), "what has ended stays");
      assertEquals(
          List.of("preview.cancelled 1", "preview.started 5"),
          workshop.rows(
              "select action, count(*) from audit where thing like 'preview %' group by action"
                  + " order by action"));
      // Its replica is gone.
      workshop.execute(
          "update preview_job set state = 'running', heard_at = now() - interval '2 minutes'");
      assertEquals("failed", jobs.find(whole).orElseThrow().state());
    }
  }

  private static PreviewJob ended(PreviewJobs jobs, UUID id) {
    Await.until(
        () -> List.of("done", "failed", "cancelled").contains(jobs.find(id).orElseThrow().state()));
    try {
      return jobs.find(id).orElseThrow();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for what another thread does. */
  private static final class Await {
    private interface Condition {
      boolean holds() throws SQLException;
    }

    static void until(Condition condition) {
      try {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!condition.holds()) {
          assertTrue(System.nanoTime() - end < 0, "it did not come to that");
          Thread.sleep(20);
        }
      } catch (SQLException e) {
        throw new AssertionError(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** Lets everything come to rest. */
  private void settle(Workshop.Replica engine) throws Exception {
    engine.position();
    engine.timers().follow(engine.lane);
    clock.to(clock.instant().plus(Duration.ofMinutes(10)));
    engine.timers().judge(engine.lane);
  }

  private void draft(Workshop workshop, GoldenBaseline golden, Manifest manifest) throws Exception {
    CatalogueConfig config =
        Configured.with(
            CatalogueConfig.class,
            Map.of(
                "patina.catalogue.trust-roots", directory.resolve("roots").toString(),
                "patina.catalogue.store", directory.resolve("store").toString()));
    new ManifestStore(directory.resolve("store")).put(manifest);
    SigningKey key = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
    new BaselineIntake(workshop.transactions(), new TrustedKeys(config), config)
        .take(BaselineStatement.sign(golden, key).json());
  }

  private Preview preview(Workshop workshop) {
    return new Preview(
        workshop.transactions(),
        new CatalogueReader(new TrustedKeys(workshop.config(CatalogueConfig.class))),
        new WeighingJudge(workshop.config(JudgeConfig.class)),
        workshop.config(StateConfig.class),
        new CauseRules(workshop.config(CauseConfig.class)),
        clock);
  }

  private static Foreseen seen(Preview.Outcome outcome) {
    return ((Preview.Seen) outcome).foreseen();
  }

  /** Hosts by pool and verdict, as the preview has them before or after. */
  private static Map<String, Long> counted(Foreseen foreseen, boolean before) {
    Map<String, Long> counts = new TreeMap<>();
    for (Foreseen.Pool pool : foreseen.pools()) {
      for (Foreseen.Change c : pool.changes()) {
        counts.merge(pool.name() + " " + (before ? c.from() : c.to()), c.hosts(), Long::sum);
      }
    }
    return counts;
  }

  /** Hosts by pool and verdict, as the tables have them. */
  private static Map<String, Long> verdicts(Workshop workshop) throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    for (String row :
        workshop.rows(
            "select h.pool, i.verdict, count(*) from installation i join host h on h.id = i.host"
                + " group by 1, 2")) {
      int blank = row.lastIndexOf(' ');
      counts.put(row.substring(0, blank), Long.valueOf(row.substring(blank + 1)));
    }
    return counts;
  }

  private static Manifest manifest(String shell) {
    return Manifest.of(
        TestHost.SCOPE, List.of(TestHost.file("/bin/sh", shell), TestHost.file("/bin/ls", "same")));
  }

  private GoldenBaseline baseline(String version, Manifest manifest) {
    return new GoldenBaseline(
        "pool",
        version,
        manifest.digest(),
        List.of(),
        List.of(new Expectation.Keys("file", Glob.of("/**"))),
        List.of(),
        "pet",
        new Selector(Optional.empty(), Map.of()),
        beginning.plusSeconds(Long.parseLong(version)),
        "test");
  }
}
