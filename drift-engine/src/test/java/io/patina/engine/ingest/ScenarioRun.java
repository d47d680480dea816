package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.engine.reports.Arrival;
import io.patina.expectations.ExpectationsFile;
import io.patina.facts.Entry;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.verdict.Policy;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Plays a scenario through real ingest on a real database, with a clock of its own. */
final class ScenarioRun {

  private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z");

  private final Workshop workshop;
  private final VirtualClock clock;
  private final List<Arrival> log;
  private final Workshop.Replica engine;
  private final Scenario scenario;
  private final int number;
  private final TestHost host;
  private final String id;
  private final Instant beginning;
  private final ScenarioDecisions decisions;
  private Optional<Report> last = Optional.empty();
  private long eventsTold;
  private int baselines;

  ScenarioRun(
      Workshop workshop,
      VirtualClock clock,
      List<Arrival> log,
      Workshop.Replica engine,
      Scenario scenario,
      int number) {
    this.workshop = workshop;
    this.clock = clock;
    this.log = log;
    this.engine = engine;
    this.scenario = scenario;
    this.number = number;
    this.host = new TestHost(number);
    this.id = id(host.id());
    this.beginning = clock.instant();
    this.decisions = new ScenarioDecisions(workshop, clock, id, beginning);
  }

  /**
   * Plays it.
   *
   * @return what is not as expected, each with its moment; empty if all is
   */
  List<String> play() throws Exception {
    scenario.golden().forEach(host::have);
    publish(scenario.golden());
    List<String> wrong = new ArrayList<>();
    for (Scenario.Step step : scenario.steps()) {
      passUntil(beginning.plus(step.at()));
      act(step);
      wrong.addAll(check(step));
    }
    return wrong;
  }

  private static String id(ByteString bytes) {
    ByteBuffer b = bytes.asReadOnlyByteBuffer();
    return new UUID(b.getLong(), b.getLong()).toString();
  }

  private void publish(List<Entry> golden) throws Exception {
    Manifest manifest = Manifest.of(TestHost.SCOPE, golden);
    workshop.baseline(
        new GoldenBaseline(
            "scenario-" + number,
            String.valueOf(++baselines),
            manifest.digest(),
            List.of(),
            List.of(
                new Expectation.Keys("file", Glob.of("/**")),
                new Expectation.Keys("package", Glob.of("**")),
                new Expectation.Keys("reboot", Glob.of("**"))),
            scenario.expectations().isEmpty()
                ? List.of()
                : ExpectationsFile.parse(scenario.expectations().get()).expectations(),
            scenario.policy(),
            policyText(),
            new Selector(Optional.of(HexFormat.of().formatHex(host.id().toByteArray())), Map.of()),
            Instant.parse("2026-11-22T00:00:00Z").plusSeconds(baselines),
            "scenarios"),
        manifest);
  }

  /** Of one that is not built in: the ready-made one of that name. */
  private Optional<String> policyText() throws IOException {
    return Policy.named(scenario.policy()).isPresent()
        ? Optional.empty()
        : Optional.of(
            Files.readString(Path.of("../baselines/golden/policies", scenario.policy() + ".yaml")));
  }

  /** Lets time pass, and what time alone does happen when it is due. */
  private void passUntil(Instant moment) throws Exception {
    engine.position();
    while (true) {
      List<String> due =
          workshop.rows(
              "select extract(epoch from min(judge_at)) * 1000 from installation where id = '"
                  + id
                  + "'");
      Instant next =
          due.getFirst().equals("null")
              ? Instant.MAX
              : Instant.ofEpochMilli((long) Math.ceil(Double.parseDouble(due.getFirst())));
      if (next.isAfter(moment)) {
        break;
      }
      clock.to(next);
      engine.timers().judge(engine.lane);
      engine.decisions().follow(engine.lane);
    }
    clock.to(moment);
    engine.timers().follow(engine.lane);
    engine.timers().judge(engine.lane);
    engine.decisions().follow(engine.lane);
    engine.timers().silence(engine.lane, moment, Instant.EPOCH);
  }

  private void act(Scenario.Step step) throws Exception {
    if (step.baseline().isPresent()) {
      publish(step.baseline().get());
      engine.timers().follow(engine.lane);
    }
    if (step.forget()) {
      engine.lane.drop();
      engine.position();
    }
    if (!step.decide().isEmpty()) {
      decisions.take(step.decide());
      engine.decisions().follow(engine.lane);
    }
    host.clock(clock.instant().minus(step.late()));
    if (step.restart()) {
      host.restart();
    }
    if (step.again()) {
      arrive(last.orElseThrow());
    }
    if (step.snapshot()) {
      step.set().forEach((k, now) -> host.put(k, now));
      send(host.snapshot(), step.lost());
    } else if (!step.set().isEmpty()) {
      send(host.delta(step.set(), step.transaction(), step.by()), step.lost());
    }
    if (step.heartbeat()) {
      send(host.heartbeat(), step.lost());
    }
    if (step.announce().isPresent()) {
      String kind = step.announce().get().toUpperCase(Locale.ROOT);
      send(host.announcement(AnnouncementKind.valueOf(kind)), step.lost());
    }
  }

  private void send(Report report, boolean lost) throws Exception {
    last = Optional.of(report);
    if (!lost) {
      arrive(report);
    }
  }

  private void arrive(Report report) throws Exception {
    Workshop.append(log, report, clock.instant());
    engine.takeAll(log);
  }

  private List<String> check(Scenario.Step step) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Object> each : step.expect().entrySet()) {
      Object actual = actual(each.getKey());
      Object expected =
          each.getValue() instanceof List<?> list
              ? list.stream().map(Scenario::text).toList()
              : Scenario.text(each.getValue());
      if (!expected.equals(actual)) {
        wrong.add(
            "at "
                + step.at().toSeconds()
                + "s "
                + each.getKey()
                + ": expected "
                + expected
                + ", is "
                + actual);
      }
    }
    return wrong;
  }

  private Object actual(String word) throws Exception {
    return switch (word) {
      case "verdict", "score", "recommendation", "sentence", "sync", "silent", "announced" ->
          one(word);
      case "conflict" -> one("conflict_since is not null");
      case "breakdown" ->
          workshop.rows(
              "select g->>'name', g->>'severity', g->>'count', g->>'points' from installation,"
                  + " jsonb_array_elements(breakdown->'groups') g where id = '"
                  + id
                  + "'");
      case "advice" ->
          workshop.rows(
              "select jsonb_array_elements_text(advice) from installation where id = '" + id + "'");
      case "reasons" ->
          workshop.rows(
              "select jsonb_array_elements_text(reasons) from installation where id = '"
                  + id
                  + "'");
      case "open" ->
          intervals("select %s from deviation where installation = '%s' and end_latest is null");
      case "ended" ->
          intervals(
              "select %s from deviation where installation = '%s' and end_latest is not null");
      case "events" -> events();
      case "volatile" ->
          workshop.rows(
              "select facet, key_text, unrest || ' changes' from deviation"
                  + " where volatile_since is not null and installation = '"
                  + id
                  + "' order by facet, key");
      case "tipped" -> tipped();
      case "told" -> decisions.told();
      case "waived" -> decisions.waived();
      case "mirrored" -> decisions.mirrored();
      case "groups" -> groups();
      case "because" ->
          workshop.rows(
              "select because from deviation where end_latest is null and installation = '"
                  + id
                  + "' order by facet, key");
      default -> throw new IllegalArgumentException("nothing is known of '" + word + "'");
    };
  }

  /** Times in it count from the beginning. */
  private String tipped() throws Exception {
    String sentence =
        workshop
            .rows(
                "select tipped from verdict_interval where installation = '"
                    + id
                    + "' and ended_at is null")
            .getFirst();
    return TIME.matcher(sentence)
        .replaceAll(t -> Duration.between(beginning, Instant.parse(t.group())).toSeconds() + "s");
  }

  /** {@code CAUSE DEVIATIONS [by ACTOR] [told]}, in the order of their onsets. */
  private List<String> groups() throws Exception {
    return workshop.rows(
        "select cause || ' ' || deviations || case actor when '' then '' else ' by ' || actor end"
            + " || case when told_at is null then '' else ' told' end"
            + " from deviation_group where deviations > 0 and installation = '"
            + id
            + "' order by onset_latest, cause, actor");
  }

  private String one(String column) throws Exception {
    return workshop
        .rows("select " + column + " from installation where id = '" + id + "'")
        .getFirst();
  }

  /** {@code FACET KEY KIND CAUSE since TIME [until TIME]}; a bounded time is {@code FROM..TO}. */
  private List<String> intervals(String query) throws Exception {
    String columns =
        "facet, key_text, kind, cause, "
            + "extract(epoch from onset_earliest), extract(epoch from onset_latest), "
            + "extract(epoch from end_earliest), extract(epoch from end_latest)";
    List<String> shown = new ArrayList<>();
    for (String row :
        workshop.rows(
            String.format(Locale.ROOT, query, columns, id)
                + " order by facet, key, onset_latest")) {
      String[] f = row.split(" ", -1);
      int times = f.length - 4;
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < times; i++) {
        text.append(i == 0 ? "" : " ").append(f[i]);
      }
      text.append(" since ").append(range(f[times], f[times + 1]));
      if (!f[times + 3].equals("null")) {
        text.append(" until ").append(range(f[times + 2], f[times + 3]));
      }
      shown.add(text.toString());
    }
    return shown;
  }

  private String range(String earliest, String latest) {
    return earliest.equals(latest)
        ? offset(latest)
        : (earliest.equals("null") ? "" : offset(earliest)) + ".." + offset(latest);
  }

  private String offset(String epochSeconds) {
    Instant at = Instant.ofEpochMilli(Math.round(Double.parseDouble(epochSeconds) * 1000));
    return Duration.between(beginning, at).toSeconds() + "s";
  }

  /** Kinds of events since this was asked last; how many of them, where more than one in a row. */
  private List<String> events() throws Exception {
    List<String> rows =
        workshop.rows(
            "select ordinal, kind from event where installation = '"
                + id
                + "' and ordinal > "
                + eventsTold
                + " order by ordinal");
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String row : rows) {
      String[] f = row.split(" ", 2);
      eventsTold = Long.parseLong(f[0]);
      counts.merge(f[1], 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .map(e -> e.getValue() == 1 ? e.getKey() : e.getValue() + " " + e.getKey())
        .toList();
  }
}
