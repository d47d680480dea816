package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.engine.catalogue.BaselinePolicy;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.deviations.Circumstances;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.deviations.Step;
import io.patina.engine.judge.Case;
import io.patina.engine.judge.Judge;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.reports.Continuity;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Contact;
import io.patina.engine.state.Installation;
import io.patina.engine.state.Machine;
import io.patina.engine.state.Since;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the engine that decide, put together without a database: continuity, deviations,
 * groups and the judge. One host.
 */
final class PureEngine {

  /** What is compared with is as good as any other. */
  private static final Digest BASELINE = Digest.of(ByteString.copyFromUtf8("golden"));

  /**
   * A report.
   *
   * @param path what changed; null for a snapshot or a heartbeat
   * @param value what it is now; null if it is as it should be
   * @param all all that differs on the host, by path: a snapshot's content, else its fingerprint
   * @param made by the host's clock
   */
  record Message(
      UUID incarnation,
      long sequence,
      ByteString signature,
      boolean snapshot,
      @Nullable String path,
      @Nullable String value,
      Map<String, String> all,
      Instant made) {}

  private final Judge judge;
  private final JudgeConfig config;
  private final CauseRules rules;
  private final BaselinePolicy policy;
  private final UUID id;
  private final Map<UUID, Long> replaced = new HashMap<>();
  private final Map<String, String> facts = new TreeMap<>();
  private final Set<UUID> told = new HashSet<>();
  private final List<String> history = new ArrayList<>();
  private final List<String> notified = new ArrayList<>();
  private @Nullable Host host;
  private Deviations deviations;

  PureEngine(UUID id, Judge judge, JudgeConfig config, CauseRules rules, BaselinePolicy policy) {
    this.id = id;
    this.judge = judge;
    this.config = config;
    this.rules = rules;
    this.policy = policy;
    this.deviations = new Deviations(id, List.of(), 0, 1000, rules);
  }

  /** Every verdict with the second at which it began. */
  List<String> history() {
    return history;
  }

  /** Groups in the order in which they were told. */
  List<String> notified() {
    return notified;
  }

  /** Another replica takes over: nothing is left but what the tables hold. */
  void rebalance() {
    Deviations anew = new Deviations(id, List.copyOf(deviations.open()), 0, 1000, rules);
    anew.told(told);
    deviations = anew;
  }

  /** Takes a report that arrives now. */
  void take(Message m, Instant now) {
    Host h = host;
    if (h == null) {
      h = appear(m, now);
      host = h;
    }
    Installation i = h.installation();
    Optional<Long> replacedAt =
        m.incarnation().equals(i.contact().incarnation())
            ? Optional.empty()
            : Optional.ofNullable(replaced.get(m.incarnation()));
    switch (Continuity.of(i.contact(), m.incarnation(), m.sequence(), m.signature(), replacedAt)) {
      case Continuity.Answer.Next next -> admitted(h, m, 0, now);
      case Continuity.Answer.Gap gap -> admitted(h, m, gap.missing(), now);
      case Continuity.Answer.Started started -> {
        replaced.put(i.contact().incarnation(), i.contact().sequence());
        Optional<Conflict> conflict = i.conflict();
        if (conflict.isPresent()
            && !now.isBefore(conflict.get().at().plus(config.conflictQuiet()))) {
          i.conflict(Optional.empty());
          h.mustBeJudged();
        }
        admitted(h, m, started.missing(), now);
      }
      case Continuity.Answer.Duplicate duplicate -> {}
      case Continuity.Answer.Replayed replayed -> {}
      case Continuity.Answer.Contradiction contradiction -> {
        if (i.conflict().isEmpty()) {
          h.mustBeJudged();
        }
        i.conflict(Optional.of(new Conflict(now, now, contradiction.reason())));
      }
    }
    if (h.isToBeJudged()) {
      judge(h, now, false);
    }
  }

  /** Time passes; the host is silent if its deadline is over and somebody looks. */
  void pass(Instant now, boolean looked) {
    Host h = host;
    if (h == null) {
      return;
    }
    Installation i = h.installation();
    if (looked && !i.isSilent() && i.contact().silentAfter().isBefore(now)) {
      i.silent(true);
      judge(h, now, true);
    }
    Instant due = i.standing().judgeAt();
    if (due != null && !due.isAfter(now)) {
      judge(h, now, true);
    }
  }

  private Host appear(Message m, Instant now) {
    Installation i =
        new Installation(
            id,
            id,
            0,
            ByteString.EMPTY,
            now,
            "default",
            Map.of(),
            new Contact(
                now, m.made(), m.made(), m.incarnation(), m.sequence() - 1, ByteString.EMPTY, 300),
            new Machine(ByteString.EMPTY, ByteString.EMPTY, "", Map.of(), "", ByteString.EMPTY),
            new Sync(Sync.Kind.NEW, now, ""),
            new Standing(Verdict.UNOBSERVED, 0, Recommendation.NONE, "", List.of(), now, 0, null));
    return new Host(i, true);
  }

  private void admitted(Host h, Message m, long missing, Instant now) {
    Installation i = h.installation();
    Contact c = i.contact();
    i.contact(
        new Contact(
            now,
            m.made(),
            c.seenAt(),
            m.incarnation(),
            m.sequence(),
            missing == 0 && m.incarnation().equals(c.incarnation())
                ? Continuity.remember(c.recent(), m.signature())
                : Continuity.remember(m.signature()),
            300));
    h.tookItsWay(Duration.between(m.made(), now), now);
    if (i.isSilent()) {
      i.silent(false);
      h.mustBeJudged();
    }
    if (missing > 0 && !m.snapshot()) {
      outOfSync(h, now);
    }
    if (m.snapshot()) {
      boolean first = i.sync().kind() == Sync.Kind.NEW;
      facts.clear();
      facts.putAll(m.all());
      proven(h, m, now);
      Since since = new Since(c.seenAt().isAfter(m.made()) ? m.made() : c.seenAt(), m.made());
      List<Comparison> answers = new ArrayList<>();
      facts.forEach((path, value) -> answers.add(differs(path, value)));
      h.mustBeJudged();
      told(deviations.takeAll(answers, k -> since, circumstances(m, first ? now : null, now)));
      return;
    }
    Map<String, String> after = new TreeMap<>(facts);
    String path = m.path();
    if (path != null) {
      put(after, path, m.value());
    }
    if (!after.equals(m.all())) {
      outOfSync(h, now);
      return;
    }
    proven(h, m, now);
    if (path != null) {
      Comparison was = answer(path, facts.get(path));
      put(facts, path, m.value());
      List<Step> steps =
          deviations
              .take(
                  was,
                  answer(path, m.value()),
                  Since.exactly(m.made()),
                  circumstances(m, null, now))
              .stream()
              .toList();
      if (!steps.isEmpty()) {
        h.mustBeJudged();
      }
      told(steps);
    }
  }

  private static void put(Map<String, String> facts, String path, @Nullable String value) {
    if (value == null) {
      var unused = facts.remove(path);
    } else {
      facts.put(path, value);
    }
  }

  private void told(List<Step> steps) {
    if (!steps.isEmpty()) {
      tell();
    }
  }

  private void tell() {
    deviations
        .tell()
        .forEach(
            g -> {
              told.add(g.id());
              notified.add(g.id() + " " + g.deviations());
            });
  }

  private static Circumstances circumstances(Message m, @Nullable Instant settles, Instant now) {
    return new Circumstances(
        BASELINE,
        Circumstances.report(m.incarnation(), m.sequence()),
        now,
        settles == null ? now.plus(SimulatedHost.SETTLE) : settles,
        false,
        false);
  }

  private static FactKey key(String path) {
    return FactKey.of(Facet.FILE, path);
  }

  private static Comparison answer(String path, @Nullable String value) {
    return value == null ? new Comparison.Same(key(path)) : differs(path, value);
  }

  private static Comparison differs(String path, String value) {
    return new Comparison.Differs(
        new Difference(
            key(path),
            Difference.Kind.CHANGED,
            new Attributes.Builder().text(Attributes.MODE, "golden").build(),
            new Attributes.Builder().text(Attributes.MODE, value).build()));
  }

  private static void proven(Host h, Message m, Instant now) {
    Installation i = h.installation();
    i.contact(i.contact().seen(m.made()));
    if (i.sync().kind() != Sync.Kind.PROVEN) {
      i.sync(new Sync(Sync.Kind.PROVEN, now, ""));
      h.mustBeJudged();
    }
  }

  private static void outOfSync(Host h, Instant now) {
    Installation i = h.installation();
    if (i.sync().kind() == Sync.Kind.PROVEN) {
      i.sync(new Sync(Sync.Kind.OUT_OF_SYNC, now, "a report is missing"));
      h.mustBeJudged();
    }
  }

  private void judge(Host h, Instant now, boolean byTime) {
    Installation i = h.installation();
    Standing before = i.standing();
    h.judged();
    if (!byTime && Judging.isLate(h, config, now)) {
      i.standing(Judging.waiting(before, config, now));
      return;
    }
    if (byTime
        && !deviations
            .explain(
                now,
                circumstances(
                    new Message(id, 0, ByteString.EMPTY, false, null, null, Map.of(), now),
                    null,
                    now))
            .isEmpty()) {
      tell();
    }
    List<Deviation> open = List.copyOf(deviations.open());
    Case c =
        new Case(
            before,
            i.sync(),
            i.conflict(),
            i.isSilent(),
            i.contact().lastSeen(),
            Optional.of(policy),
            Map.of(),
            open,
            0);
    i.standing(Judging.next(before, judge.judge(c, now), deviations.nextTelling(), now));
    if (i.standing().number() > before.number()) {
      history.add(i.standing().verdict().wireName() + " " + now.getEpochSecond());
    }
  }
}
