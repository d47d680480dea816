package io.patina.engine.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.comparison.Difference;
import io.patina.engine.Configured;
import io.patina.engine.catalogue.BaselinePolicy;
import io.patina.engine.deviations.Cause;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Breakdown;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Since;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.policy.CompiledPolicy;
import io.patina.verdict.DriftClass;
import io.patina.verdict.Policy;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of docs/verdicts.md is what the judge does, in every combination of its columns. */
class VerdictTableTest {

  private static final Path PAGE = Path.of("../docs/verdicts.md");
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Pattern BAR = Pattern.compile(" *\\| *");

  /** What each column can be, in the order of the columns. */
  private static final List<List<String>> COLUMNS =
      List.of(
          List.of("yes", "no"),
          List.of("yes", "no"),
          List.of("new", "out-of-sync", "out-of-sync for too long", "proven"),
          List.of(
              "never judged",
              "conforming",
              "drifting",
              "artisanal",
              "updating",
              "unobserved",
              "unbaselined"),
          List.of("none", "one"),
          List.of("nothing weighs", "below", "within the hysteresis", "from the threshold on"));

  /** Weighs as the built-in one does what this test has open. */
  private static final String POLICY =
      """
      name: as-the-built-in-one
      artisanal: {from: 50, hysteresis: 10}
      rules:
        - {name: settings, when: 'facet == "kernel"', severity: medium, weight: 10, atMost: 40}
        - {name: rest, severity: high, weight: 50}
      """;

  private final WeighingJudge judge =
      new WeighingJudge(Configured.with(JudgeConfig.class, Map.of()));

  /** A row: conditions by column, and what follows. */
  private record Row(
      List<String> conditions, String verdict, String recommendation, boolean marked) {

    boolean fits(List<String> situation) {
      for (int i = 0; i < situation.size(); i++) {
        String condition = conditions.get(i);
        if (!condition.equals("any") && !condition.equals(situation.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private static List<Row> table() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      List<String> cells = List.of(BAR.split(line, -1));
      if (cells.size() == 11 && !cells.get(1).startsWith("-") && !cells.get(2).equals("silent")) {
        for (int i = 0; i < COLUMNS.size(); i++) {
          String cell = cells.get(i + 1);
          assertTrue(cell.equals("any") || COLUMNS.get(i).contains(cell), cell + " in " + line);
        }
        rows.add(
            new Row(cells.subList(1, 7), cells.get(7), cells.get(8), cells.get(9).equals("yes")));
      }
    }
    return rows;
  }

  private static List<List<String>> situations() {
    List<List<String>> all = new ArrayList<>();
    all.add(List.of());
    for (List<String> column : COLUMNS) {
      List<List<String>> longer = new ArrayList<>();
      for (List<String> begun : all) {
        for (String value : column) {
          List<String> next = new ArrayList<>(begun);
          next.add(value);
          longer.add(next);
        }
      }
      all = longer;
    }
    return all;
  }

  private static Deviation deviation(Facet facet, String key) {
    Difference difference =
        new Difference(
            FactKey.of(facet, key),
            Difference.Kind.CHANGED,
            new Attributes.Builder().text("value", "0").text(Attributes.PACKAGE, "bash").build(),
            new Attributes.Builder().text("value", "1").build());
    return new Deviation(
        UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)),
        difference,
        DriftClass.of(difference),
        Cause.UNKNOWN,
        Since.exactly(NOW.minusSeconds(3600)),
        NOW.minusSeconds(3600),
        0,
        true);
  }

  private static List<Deviation> open(String score) {
    int settings =
        switch (score) {
          case "below" -> 1;
          case "within the hysteresis" -> 4;
          default -> 0;
        };
    List<Deviation> open = new ArrayList<>();
    for (int i = 0; i < settings; i++) {
      open.add(deviation(Facet.KERNEL, "sysctl:net." + i));
    }
    if (score.equals("from the threshold on")) {
      open.add(deviation(Facet.FILE, "/usr/bin/a"));
    }
    return open;
  }

  private static Case of(List<String> s, BaselinePolicy policy) {
    boolean never = s.get(3).equals("never judged");
    Sync.Kind kind =
        switch (s.get(2)) {
          case "new" -> Sync.Kind.NEW;
          case "proven" -> Sync.Kind.PROVEN;
          default -> Sync.Kind.OUT_OF_SYNC;
        };
    Duration since =
        s.get(2).equals("out-of-sync for too long") ? Duration.ofHours(1) : Duration.ofMinutes(1);
    return new Case(
        new Standing(
            never ? Verdict.UNOBSERVED : Verdict.valueOf(s.get(3).toUpperCase(Locale.ROOT)),
            33,
            Recommendation.REIMAGE,
            "Before.",
            List.of("a reason", "out of sync: another"),
            NOW,
            never ? 0 : 3,
            null,
            new Breakdown(50, List.of()),
            List.of()),
        new Sync(kind, NOW.minus(since), "a report is missing"),
        s.get(0).equals("yes") ? Optional.of(new Conflict(NOW, NOW, "two")) : Optional.empty(),
        s.get(1).equals("yes"),
        NOW,
        s.get(4).equals("one") ? Optional.of(policy) : Optional.empty(),
        Map.of(),
        open(s.get(5)),
        0);
  }

  @Test
  void everyCombinationIsJudgedAsTheFirstRowSaysThatFits() throws Exception {
    List<Row> table = table();
    Set<Row> used = new HashSet<>();
    for (BaselinePolicy policy :
        List.of(
            new BaselinePolicy.BuiltIn(Policy.pet()),
            new BaselinePolicy.Brought(CompiledPolicy.of(POLICY)))) {
      for (List<String> situation : situations()) {
        Row row =
            table.stream()
                .filter(r -> r.fits(situation))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row for " + situation));
        used.add(row);
        check(situation.toString(), row, of(situation, policy));
      }
    }
    assertEquals(new HashSet<>(table), used, "rows that decide nothing");
  }

  private void check(String situation, Row row, Case c) {
    Judgement j = judge.judge(c, NOW);
    String verdict =
        row.verdict().equals("as before") ? c.before().verdict().wireName() : row.verdict();
    assertEquals(verdict, j.verdict().wireName(), situation);
    assertEquals(row.recommendation(), j.recommendation().wireName(), situation);
    List<String> marks = j.reasons().stream().filter(r -> r.startsWith("out of sync: ")).toList();
    assertEquals(
        row.marked() ? List.of("out of sync: a report is missing") : List.of(), marks, situation);
    if (row.marked()) {
      assertEquals(c.before().score(), j.score());
      assertEquals(c.before().sentence(), j.sentence());
      assertEquals(c.before().breakdown(), j.breakdown());
      assertTrue(j.again().isPresent(), "it would be marked for ever");
    }
    assertEquals(j.recommendation() == Recommendation.NONE, j.advice().isEmpty(), situation);
    assertEquals(j, judge.judge(c, NOW), "not a function of the case and the time");
  }
}
