package io.patina.engine.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.engine.decisions.Extent;
import io.patina.engine.enrolment.Identities;
import io.patina.engine.fleet.DeviationView;
import io.patina.engine.fleet.DeviationView.Between;
import io.patina.engine.fleet.FleetCounts.Fleet;
import io.patina.engine.fleet.FleetCounts.Pool;
import io.patina.engine.fleet.GroupView;
import io.patina.engine.fleet.HostView;
import io.patina.engine.fleet.Hosts;
import io.patina.engine.fleet.Listed;
import io.patina.engine.fleet.SharedView;
import io.patina.engine.fleet.Timeline;
import io.patina.engine.fleet.UnknownImages;
import io.patina.engine.fleet.UnobservedTimes;
import io.patina.engine.maintenance.Maintenance;
import io.patina.engine.pools.PoolView;
import io.patina.engine.pools.Scriptlets;
import io.patina.engine.retirement.RetiredHost;
import io.patina.engine.rollout.Progress;
import io.patina.engine.rollout.RolloutView;
import io.patina.engine.state.Breakdown;
import io.patina.engine.waivers.Pattern;
import io.patina.engine.waivers.Waiver;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What pages say, and that what hosts send stays text in them. */
class PagesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T21:00:00Z");
  private static final Identities.Waiting NOBODY = new Identities.Waiting(0, 0);
  private static final String HOSTILE =
      "\"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\u0007{7*7}";

  private final RenderedPages pages = new RenderedPages();

  @Test
  void hostileTextStaysTextOnEveryPage() {
    HostView host = host(HOSTILE, HOSTILE, "artisanal", 80);
    List<DeviationView> deviations =
        List.of(
            deviation("/tmp/" + HOSTILE, "unexpected", Map.of(), Map.of("type", HOSTILE), null),
            deviation(
                "/b",
                "changed",
                Map.of("target", "a" + HOSTILE),
                Map.of("target", HOSTILE),
                HOSTILE));
    Timeline.Event event =
        new Timeline.Event(
            "e1",
            "deviation.opened",
            "i",
            NOW,
            NOW,
            new ObjectMapper()
                .createObjectNode()
                .put("facet", "file")
                .put("key", HOSTILE)
                .put("kind", HOSTILE));
    Map<String, String> written = new LinkedHashMap<>();
    written.put(
        "host",
        pages.page(
            "host",
            HostPage.from(
                host,
                List.of(
                    new GroupView(
                        "g1",
                        "h",
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        2,
                        3,
                        new Between(null, NOW),
                        NOW,
                        NOW,
                        NOW,
                        NOW,
                        new GroupView.Acknowledgement(HOSTILE, HOSTILE, false, HOSTILE, NOW))),
                new Listed<>(deviations, null),
                List.of(
                    SharedRow.from(
                        new UUID(1, 2),
                        new SharedView(
                            "s1",
                            "00",
                            5_000,
                            2,
                            Map.of("file", 5_000L),
                            "g1",
                            NOW,
                            new Between(null, NOW),
                            null,
                            null,
                            false,
                            NOW,
                            NOW),
                        new Listed<>(deviations, "next"),
                        true,
                        NOW)),
                List.of(
                    new UnobservedTimes.Interval(
                        "silent", NOW.minusSeconds(300), null, HOSTILE, NOW, null)),
                new Listed<>(List.of(event), null),
                NOW)));
    written.put(
        "pool",
        pages.page(
            "pool",
            PoolPage.from(
                new PoolView(
                    HOSTILE,
                    3,
                    List.of(
                        new PoolView.Side(
                            HOSTILE,
                            "00",
                            3,
                            2,
                            2,
                            HOSTILE,
                            List.of(
                                new PoolView.WayView(
                                    "0123456789abcdef",
                                    1,
                                    List.of(new PoolView.HostName("h", HOSTILE)),
                                    List.of(HOSTILE),
                                    4)),
                            new Scriptlets(List.of(HOSTILE), List.of(HOSTILE), HOSTILE))),
                    List.of(new PoolView.Again("h", HOSTILE, 2, false, List.of(HOSTILE))),
                    List.of(new PoolView.TurnView("t", HOSTILE, NOW, 2, 3, HOSTILE, null))),
                NOW)));
    Fleet fleet =
        new Fleet(
            1,
            0,
            Map.of("artisanal", 1L),
            List.of(new Pool(HOSTILE, 1, Map.of("artisanal", 1L))),
            0);
    written.put(
        "fleet",
        pages.page(
            "fleet",
            FleetPage.from(
                fleet,
                List.of(host),
                List.of(),
                new Identities.Waiting(2, 1),
                List.of(new UnknownImages.View("flatcar 4152.2.1", 412, "h")),
                List.of("In maintenance: " + Escaped.text(HOSTILE)),
                NOW)));
    written.put(
        "enrolment",
        pages.page(
            "enrolment",
            EnrolmentPage.from(
                new Identities.Waiting(1, 1),
                List.of(
                    new Identities.Knocking(
                        "i", "00".repeat(32), HOSTILE, HOSTILE, 2, NOW, NOW, true)),
                List.of(
                    new Identities.Life(
                        "i",
                        "h",
                        HOSTILE,
                        "00".repeat(32),
                        null,
                        NOW,
                        NOW,
                        "pinned",
                        "",
                        NOW,
                        null,
                        null,
                        null,
                        null,
                        null)),
                NOW)));
    assertTrue(
        written
            .get("fleet")
            .contains("2 installations report and are not let in; 1 host waits to be approved."));
    assertTrue(written.get("host").contains("Nobody has approved this host"));
    assertTrue(written.get("host").contains("Nothing that this installation reports is taken"));
    written.put(
        "hosts",
        pages.page(
            "hosts",
            HostsPage.from(
                new Hosts.Filter("artisanal", HOSTILE, HOSTILE),
                List.of(HOSTILE),
                new Listed<>(List.of(host), "c\"><script>"),
                NOW)));
    written.put("decisions", pages.page("decisions", decisions()));
    String hostPage = java.util.Objects.requireNonNull(written.get("host"));
    assertTrue(hostPage.contains("<strong>silent</strong> 5 minutes"), hostPage);
    assertTrue(hostPage.contains("90 s ahead of the broker"), hostPage);
    written.forEach(
        (page, html) -> {
          assertFalse(html.contains("<script>"), page);
          assertFalse(html.contains("<img"), page);
          assertTrue(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
          assertFalse(html.contains("49"), page + " evaluated an expression");
        });
    // Controls and overrides are written out, but for the search field that repeats the question.
    assertFalse(written.get("host").contains("\u202e"));
    assertTrue(written.get("host").contains("\\u{202e}\\x07"));
    assertFalse(written.get("fleet").contains("\u202e"));
  }

  @Test
  void aRolloutIsSeenAtAGlance() throws Exception {
    RolloutView view =
        new RolloutView(
            new UUID(1, 2),
            "web",
            "1.5",
            HOSTILE,
            "under-way",
            false,
            1,
            "From 1.4 to 1.5, wave 1 of 2: 7 of 10 hosts are there, 3 are late.",
            List.of("advance", "pause", "rollback", "finish"),
            "olga@example.org",
            NOW,
            null,
            List.of(
                new RolloutView.WaveView(
                    1,
                    null,
                    Map.of("ring", HOSTILE),
                    "PT2H",
                    NOW,
                    NOW,
                    new Progress(10, 2, 7, 1, 0, 7),
                    3,
                    0),
                new RolloutView.WaveView(
                    2, 100, null, "PT48H", null, null, new Progress(90, 80, 6, 0, 4, 0), 0, 6)),
            new Progress(0, 0, 0, 0, 0, 0));
    BaselinePage page =
        new BaselinePage(
            "now",
            "web",
            "1.5",
            "rolling-out",
            List.of(),
            "What is possible now.",
            List.of(),
            RolloutPart.from(view, true, NOW),
            List.of("9 of 10 hosts deviate in the same way " + HOSTILE),
            null,
            List.of());
    String html = new RenderedPages().page("baseline", page);
    assertFalse(html.contains("<script>"));
    assertTrue(html.contains("<rect class=\"v-conforming\" x=\"0\" y=\"0\" width=\"700\""), html);
    assertTrue(html.contains("<rect class=\"v-drifting\" x=\"700\" y=\"0\" width=\"100\""));
    assertTrue(html.contains("7 of 10 on the new version, 1 between, 2 on the old one"));
    assertTrue(html.contains("3 hosts are late"));
    assertTrue(html.contains("6 hosts are ahead"));
    assertTrue(html.contains("./patina baseline rollout advance web 1.5 --reason"));
    assertTrue(html.contains("2 days"));
  }

  @Test
  void aTreeThatNoPackageOwnsIsOneLine() {
    List<DeviationView> found = new ArrayList<>();
    found.add(deviation("/opt/a", "unexpected", Map.of(), Map.of("type", "directory"), null));
    for (int i = 0; i < 150; i++) {
      found.add(deviation("/opt/a/f" + i, "unexpected", Map.of(), Map.of("type", "file"), null));
    }
    found.add(deviation("/opt/ab", "unexpected", Map.of(), Map.of("type", "file"), null));
    List<DeviationGroups.Group> groups = DeviationGroups.of(found, NOW);
    assertEquals(1, groups.size());
    assertEquals("152 files that no package owns", groups.getFirst().title());
    List<DeviationGroups.Section> sections = groups.getFirst().sections();
    assertEquals(2, sections.size());
    assertEquals("/opt/", sections.getFirst().title());
    assertEquals("/opt/a/", sections.getLast().title());
    assertTrue(sections.getLast().folded());
    assertEquals("And 51 more, in the API.", sections.getLast().more());
  }

  @Test
  void whatDiffersIsMarkedInsideAValue() {
    DeviationRow.Value value =
        DeviationRow.beside("options", "ro,nosuid,relatime", "rw,nosuid,relatime");
    assertEquals(new DeviationRow.Value("r", "o", ",nosuid,relatime"), value);
    assertEquals(
        new DeviationRow.Value("", "\ud83d\ude00", ""),
        DeviationRow.beside("target", "\ud83d\ude00", "\ud83d\ude01"));
  }

  @Test
  void everyHostIsOneDotAndEveryVerdictHasAtLeastOne() {
    Map<String, Long> verdicts = Map.of("conforming", 98L, "artisanal", 2L);
    DotMap map = DotMap.of(verdicts, 2_400, 28, 60);
    assertEquals(1, map.per());
    assertEquals(100, dots(map));
    DotMap large = DotMap.of(Map.of("conforming", 999_999L, "artisanal", 1L), 2_400, 28, 60);
    assertTrue(dots(large) <= 2_400);
    assertEquals("artisanal", large.blocks().getFirst().verdict());
    assertEquals("1 host artisanal", large.blocks().getFirst().title());
  }

  private static long dots(DotMap map) {
    return map.blocks().stream()
        .flatMap(b -> b.rows().stream())
        .mapToLong(r -> (long) r.width() / 10 * (r.height() / 10))
        .sum();
  }

  @Test
  void theHeadlineSaysWhatMattersFirst() {
    assertEquals("No hosts yet.", headline(Map.of()));
    assertEquals("The one host is as ordered.", headline(Map.of("conforming", 1L)));
    assertEquals(
        "2 of 1,000 hosts are artisanal.", headline(Map.of("conforming", 998L, "artisanal", 2L)));
    assertEquals(
        "No host is artisanal; 1 of 3 hosts is drifting.",
        headline(Map.of("conforming", 2L, "drifting", 1L)));
  }

  private static String headline(Map<String, Long> verdicts) {
    long all = verdicts.values().stream().mapToLong(Long::longValue).sum();
    List<Pool> pools = all == 0 ? List.of() : List.of(new Pool("p", all, verdicts));
    return FleetPage.from(
            new Fleet(all, 0, verdicts, pools, 0),
            List.of(),
            List.of(),
            NOBODY,
            List.of(),
            List.of(),
            NOW)
        .headline();
  }

  /** What people write is as hostile as what hosts say. */
  private static DecisionsPage decisions() {
    Extent everywhere =
        new Extent(Optional.empty(), Optional.of(HOSTILE), Map.of(HOSTILE, HOSTILE));
    Optional<Waiver.Step> approved = Optional.of(new Waiver.Step(HOSTILE, NOW, HOSTILE));
    return DecisionsPage.from(
        List.of(
            new Waiver(
                new UUID(0, 1),
                Pattern.of(
                    "file",
                    "/tmp/" + "<script>alert(1)</script>",
                    Optional.empty(),
                    Optional.empty()),
                everywhere,
                HOSTILE,
                HOSTILE,
                HOSTILE,
                HOSTILE,
                NOW,
                NOW.plusSeconds(60),
                NOW.plusSeconds(30),
                approved,
                Optional.empty())),
        List.of(
            new Maintenance(
                new UUID(0, 2),
                everywhere,
                HOSTILE,
                HOSTILE,
                HOSTILE,
                NOW,
                NOW.plusSeconds(60),
                Optional.empty())),
        List.of(
            new RetiredHost(new UUID(0, 3).toString(), HOSTILE, HOSTILE, NOW, HOSTILE, HOSTILE)),
        NOW);
  }

  static HostView host(String name, String pool, String verdict, int score) {
    return new HostView(
        "0b6f7a52-0000-4000-8000-000000000001",
        "0b6f7a52-0000-4000-8000-000000000002",
        name,
        pool,
        Map.of(),
        verdict,
        "This host is " + verdict + ".",
        "reimage",
        score,
        List.of("2 packaged files changed"),
        NOW,
        NOW,
        new HostView.BaselineName("debian-12", "1", "pet"),
        new HostView.Counts(2, 0),
        new HostView.Coverage(10, 1, 1, 1, null, "inotify"),
        new HostView.Sync("out-of-sync", NOW, "the fingerprint differs"),
        true,
        new HostView.Trouble(NOW, "two machines"),
        null,
        null,
        "0.1",
        null,
        Breakdown.NONE,
        List.of(),
        "Artisanal since " + HOSTILE,
        null,
        null,
        null,
        new HostView.Admission(
            "pinned", HOSTILE, NOW, NOW, new HostView.Trouble(NOW, "by " + HOSTILE)),
        new HostView.Clock(NOW, 90_000L));
  }

  private static DeviationView deviation(
      String key,
      String kind,
      Map<String, String> expected,
      Map<String, String> actual,
      @Nullable String owner) {
    return new DeviationView(
        "d" + key.hashCode(),
        "file",
        key,
        null,
        kind,
        expected,
        actual,
        owner,
        kind.equals("unexpected") ? "unpackaged-file" : "packaged-file-changed",
        "unknown",
        "written by " + HOSTILE,
        null,
        "open",
        NOW,
        new Between(null, NOW),
        null,
        null,
        NOW,
        NOW,
        null,
        null,
        NOW,
        0,
        null,
        new DeviationView.WrittenBy(
            4242,
            "<b>bash</b>",
            "/usr/bin/bash",
            "ssh.service",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null),
        new DeviationView.Restless(NOW, 27, NOW, NOW, true),
        null);
  }
}
