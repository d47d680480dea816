package io.patina.engine.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.comparison.Difference;
import io.patina.engine.Configured;
import io.patina.engine.catalogue.BaselinePolicy;
import io.patina.engine.decisions.Extent;
import io.patina.engine.deviations.Cause;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Since;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
import io.patina.engine.waivers.Pattern;
import io.patina.engine.waivers.Waiver;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.verdict.DriftClass;
import io.patina.verdict.Policy;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WeighingJudgeTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final WeighingJudge judge =
      new WeighingJudge(Configured.with(JudgeConfig.class, Map.of()));

  private static Standing standing(Verdict verdict) {
    return new Standing(verdict, 0, Recommendation.NONE, "Before.", List.of(), NOW, 1, null);
  }

  private static Deviation deviation(String path, Instant settlesAt) {
    Difference difference =
        new Difference(
            FactKey.of(Facet.FILE, path),
            Difference.Kind.CHANGED,
            new Attributes.Builder()
                .text(Attributes.MODE, "0755")
                .text(Attributes.PACKAGE, "bash")
                .build(),
            new Attributes.Builder().text(Attributes.MODE, "0777").build());
    return new Deviation(
        UUID.nameUUIDFromBytes(path.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        difference,
        DriftClass.of(difference),
        Cause.UNKNOWN,
        Since.exactly(NOW),
        settlesAt,
        0,
        true);
  }

  private static Case of(
      Verdict before, Sync.Kind sync, boolean silent, List<Deviation> open, long unproven) {
    return new Case(
        standing(before),
        new Sync(sync, NOW.minusSeconds(60), "a report is missing"),
        Optional.empty(),
        silent,
        NOW,
        Optional.of(new BaselinePolicy.BuiltIn(Policy.pet())),
        Map.of(),
        open,
        unproven);
  }

  @Test
  void nothingOpenConforms() {
    Judgement j = judge.judge(of(Verdict.DRIFTING, Sync.Kind.PROVEN, false, List.of(), 0), NOW);
    assertEquals(Verdict.CONFORMING, j.verdict());
    assertEquals(Recommendation.NONE, j.recommendation());
    assertEquals(Optional.empty(), j.again());
  }

  @Test
  void whatHasNotSettledDoesNotWeighAndSaysWhenToLookAgain() {
    Instant settles = NOW.plusSeconds(20);
    List<Deviation> open = List.of(deviation("/usr/bin/a", settles));
    Case c = of(Verdict.CONFORMING, Sync.Kind.PROVEN, false, open, 0);
    Judgement before = judge.judge(c, NOW);
    assertEquals(Verdict.CONFORMING, before.verdict());
    assertEquals(Optional.of(settles), before.again());
    Judgement after = judge.judge(c, settles);
    assertEquals(Verdict.ARTISANAL, after.verdict());
    assertEquals(Recommendation.REIMAGE, after.recommendation());
    assertTrue(after.sentence().contains("/usr/bin/a"), after.sentence());
  }

  @Test
  void whatIsWaivedDoesNotWeighUntilTheSecondAtWhichTheWaiverEnds() {
    Waiver waiver = waiver("/usr/bin/{a,b}", NOW.plusSeconds(90));
    List<Deviation> open =
        List.of(
            deviation("/usr/bin/a", NOW), deviation("/usr/bin/b", NOW), deviation("/etc/c", NOW));
    Case c = of(Verdict.CONFORMING, Sync.Kind.PROVEN, false, open, 0);
    Waiving waiving = Waiving.of(c, List.of(waiver), NOW);
    assertEquals(List.of(open.get(2)), List.copyOf(waiving.theCase().open()));
    Judgement j = waiving.tell(judge.judge(waiving.theCase(), NOW));
    assertEquals(Optional.of(NOW.plusSeconds(90)), j.again());
    assertEquals(
        "2 deviations are waived until 2026-11-22T12:01:30Z: why\\x1b[31m (OPS-1, waiver "
            + waiver.id()
            + ")",
        j.reasons().getLast());
    // A second before it is so, at its end it is not; and what is not matched costs nothing.
    assertEquals(1, Waiving.of(c, List.of(waiver), NOW.plusSeconds(89)).theCase().open().size());
    assertEquals(c, Waiving.of(c, List.of(waiver), NOW.plusSeconds(90)).theCase());
    Waiving none = Waiving.of(c, List.of(waiver("/usr/sbin/*", NOW.plusSeconds(9))), NOW);
    Judgement untouched = judge.judge(c, NOW);
    assertEquals(untouched, none.tell(untouched));
  }

  private static Waiver waiver(String keys, Instant until) {
    return new Waiver(
        UUID.nameUUIDFromBytes(keys.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        Pattern.of("file", keys, Optional.empty(), Optional.empty()),
        new Extent(Optional.empty(), Optional.of("web"), Map.of()),
        "why\u001b[31m",
        "OPS-1",
        "alice",
        "alice",
        NOW.minusSeconds(60),
        until,
        until.minusSeconds(5),
        Optional.of(new Waiver.Step("bob", NOW.minusSeconds(30), "")),
        Optional.empty());
  }

  @Test
  void anArtisanalHostStaysSoUntilItsScoreIsClearlyLower() {
    // Four settings of ten points each are under the threshold of fifty, and not under forty.
    List<Deviation> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.add(sysctl(i));
    }
    assertEquals(
        Verdict.DRIFTING,
        judge.judge(of(Verdict.CONFORMING, Sync.Kind.PROVEN, false, open, 0), NOW).verdict());
    assertEquals(
        Verdict.ARTISANAL,
        judge.judge(of(Verdict.ARTISANAL, Sync.Kind.PROVEN, false, open, 0), NOW).verdict());
    assertEquals(
        Verdict.DRIFTING,
        judge
            .judge(of(Verdict.ARTISANAL, Sync.Kind.PROVEN, false, open.subList(0, 3), 0), NOW)
            .verdict());
  }

  private static Deviation sysctl(int i) {
    Difference difference =
        new Difference(
            FactKey.of(Facet.KERNEL, "sysctl:net.x" + i),
            Difference.Kind.CHANGED,
            Attributes.value("0"),
            Attributes.value("1"));
    return new Deviation(
        new UUID(0, i),
        difference,
        DriftClass.of(difference),
        Cause.RUNTIME,
        Since.exactly(NOW),
        NOW,
        0,
        true);
  }

  @Test
  void outOfSyncKeepsTheLastProvenVerdictForAWhile() {
    Case c = of(Verdict.DRIFTING, Sync.Kind.OUT_OF_SYNC, false, List.of(), 0);
    Judgement soon = judge.judge(c, NOW);
    assertEquals(Verdict.DRIFTING, soon.verdict());
    assertTrue(soon.reasons().contains("out of sync: a report is missing"));
    Judgement later = judge.judge(c, soon.again().orElseThrow());
    assertEquals(Verdict.UNOBSERVED, later.verdict());
  }

  @Test
  void aConflictOfIdentityGoesBeforeEverything() {
    Case c = of(Verdict.CONFORMING, Sync.Kind.PROVEN, false, List.of(), 0);
    Judgement j =
        judge.judge(
            new Case(
                c.before(),
                c.sync(),
                Optional.of(new Conflict(NOW, NOW, "two of it")),
                false,
                NOW,
                c.policy(),
                c.labels(),
                c.open(),
                0),
            NOW);
    assertEquals(Verdict.UNOBSERVED, j.verdict());
    assertEquals(Recommendation.INVESTIGATE, j.recommendation());
    assertTrue(j.sentence().contains("two of it"));
  }

  @Test
  void silenceIsUnobservedAndNoBaselineUnbaselined() {
    assertEquals(
        Verdict.UNOBSERVED,
        judge.judge(of(Verdict.CONFORMING, Sync.Kind.PROVEN, true, List.of(), 0), NOW).verdict());
    Case c = of(Verdict.CONFORMING, Sync.Kind.PROVEN, false, List.of(), 0);
    Case without =
        new Case(
            c.before(),
            c.sync(),
            c.conflict(),
            false,
            NOW,
            Optional.empty(),
            Map.of(),
            c.open(),
            0);
    assertEquals(Verdict.UNBASELINED, judge.judge(without, NOW).verdict());
  }

  @Test
  void aGapIsToldAndIsNoDrift() {
    Judgement j = judge.judge(of(Verdict.CONFORMING, Sync.Kind.PROVEN, false, List.of(), 2), NOW);
    assertEquals(Verdict.CONFORMING, j.verdict());
    assertTrue(j.reasons().contains("2 expected facts could not be observed"));
  }
}
