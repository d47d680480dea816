package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.deviations.Circumstances;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.deviations.Step;
import io.patina.engine.deviations.WrittenBy;
import io.patina.engine.history.Event;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.state.Compared;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Installation;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Since;
import io.patina.engine.state.StateConfig;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Holds hosts against their baselines and turns what differs into deviations and events. */
@Singleton
public final class Comparing {

  private final ManifestCache manifests;
  private final JudgeConfig config;
  private final int mostListed;
  private final CauseRules rules;

  public Comparing(
      ManifestCache manifests, JudgeConfig config, StateConfig state, CauseRules rules) {
    this.rules = rules;
    this.mostListed = state.listedDeviations();
    this.manifests = manifests;
    this.config = config;
  }

  /** The baseline that an installation is compared with, if it is still active. */
  static Optional<Baseline> baseline(Installation i, SliceWork work) {
    Digest statement = i.compared().baseline();
    return statement == null ? Optional.empty() : work.catalogue().find(statement);
  }

  /**
   * Follows the catalogue: if another baseline is for this host now, it is compared with that one.
   * Costs nothing if the revision is the one that was followed last.
   */
  void follow(Host host, SliceWork work) throws SQLException {
    Installation i = host.installation();
    if (i.compared().revision() == work.catalogue().revision()) {
      return;
    }
    work.touch(host);
    Digest before = i.compared().baseline();
    // What is open must be read while the old baseline is still the installation's.
    Deviations open = open(host, work);
    Optional<Baseline> after = select(i, work);
    if (Objects.equals(before, i.compared().baseline())) {
      return;
    }
    host.mustBeJudged();
    Optional<Facts> facts = host.facts(work.connection(), manifests);
    if (facts.isEmpty()) {
      return;
    }
    List<Step> steps;
    if (after.isEmpty()) {
      Circumstances c = because(Objects.requireNonNull(before), work, work.now());
      steps = open.takeAll(List.of(), key -> Since.exactly(work.now()), c);
    } else {
      Circumstances c =
          before == null
              ? first(after.get(), i, work)
              : because(after.get().statement(), work, after.get().approvedAt());
      steps = all(i, after.get(), facts.get(), open, facts.get()::since, c, work);
    }
    told(host, steps, open, work);
  }

  /**
   * Compares everything after a complete snapshot.
   *
   * @param first nothing was known of the host before: what it finds need not settle
   */
  void snapshot(
      Host host,
      Facts facts,
      Decoded.Accepted report,
      Function<FactKey, Since> since,
      boolean first,
      SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    Deviations open = open(host, work);
    Optional<Baseline> baseline = select(i, work);
    host.mustBeJudged();
    if (baseline.isEmpty()) {
      return;
    }
    Circumstances c =
        report(
            baseline.get(),
            report,
            false,
            first ? Optional.of(report.arrival().at()) : settle(report),
            Map.of());
    told(host, all(i, baseline.get(), facts, open, since, c, work), open, work);
  }

  /** Compares the keys that a delta changed. */
  void changed(
      Host host,
      Facts before,
      Facts after,
      Collection<FactKey> keys,
      Decoded.Accepted report,
      Content.Changes delta,
      SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    Optional<Baseline> baseline = baseline(i, work);
    if (baseline.isEmpty()) {
      return;
    }
    Deviations open = open(host, work);
    Instant settles =
        report
            .arrival()
            .at()
            .plus(delta.packageTransaction() ? config.packageSettle() : config.settle());
    Circumstances c =
        report(
            baseline.get(),
            report,
            delta.packageTransaction(),
            Optional.of(settles),
            writers(delta));
    List<Step> steps = new ArrayList<>();
    if (keys.stream().anyMatch(k -> before.hasPrefixGapAt(k) || after.hasPrefixGapAt(k))) {
      // A gap over a prefix came or went: it decides about keys that are not named.
      steps.addAll(all(i, baseline.get(), after, open, after::since, c, work));
    } else {
      Comparer comparer = baseline.get().measure().comparer(i.assignedLabels());
      Manifest expected =
          Comparisons.expected(work.connection(), manifests, baseline.get()).manifest();
      for (FactKey key : keys) {
        Comparison was = Comparisons.of(comparer, expected, before, key);
        Comparison is = Comparisons.of(comparer, expected, after, key);
        open.take(was, is, after.since(key), c).ifPresent(steps::add);
      }
    }
    told(host, steps, open, work);
  }

  /** What is open on a host. */
  Deviations open(Host host, SliceWork work) throws SQLException {
    return host.deviations(
        work.connection(), manifests, baseline(host.installation(), work), mostListed, rules);
  }

  /** Tells causes that have settled. */
  void explain(Host host, SliceWork work) throws SQLException {
    Installation i = host.installation();
    Digest statement = i.compared().baseline();
    if (statement == null) {
      return;
    }
    Deviations open = open(host, work);
    Circumstances c = because(statement, work, work.now());
    List<Step> steps = open.explain(work.now(), c);
    if (!steps.isEmpty()) {
      work.steps(host, steps);
      work.groups(host, open.tell(), work.now());
    }
  }

  private Optional<Baseline> select(Installation i, SliceWork work) {
    Optional<Baseline> chosen =
        work.catalogue().select(i.hex(), i.assignedLabels(), new Digest(i.machine().scope()));
    Compared c = i.compared();
    Digest statement = chosen.map(Baseline::statement).orElse(null);
    String name = chosen.map(b -> b.golden().name()).orElse("");
    if (!Objects.equals(c.baseline(), statement)) {
      work.event(
          EventData.other(
              i,
              Event.BASELINE_SELECTED,
              work.catalogue().revision(),
              work.now(),
              "baseline",
              chosen.map(b -> b.golden().name() + " " + b.golden().version()).orElse("none")));
    }
    i.compared(
        new Compared(
            statement,
            name,
            work.catalogue().revision(),
            c.open(),
            c.unlisted(),
            c.unproven(),
            c.signature()));
    return chosen;
  }

  private List<Step> all(
      Installation i,
      Baseline baseline,
      Facts facts,
      Deviations open,
      Function<FactKey, Since> since,
      Circumstances c,
      SliceWork work)
      throws SQLException {
    return open.takeAll(
        Comparisons.all(work.connection(), manifests, baseline, i.assignedLabels(), facts),
        since,
        c);
  }

  private void told(Host host, List<Step> steps, Deviations open, SliceWork work) {
    Installation i = host.installation();
    Compared c = i.compared();
    if (!steps.isEmpty()) {
      host.mustBeJudged();
      work.steps(host, steps);
      for (Step step : steps) {
        if (step.deviation().listed()) {
          EventData.step(i, step).ifPresent(work::event);
        }
      }
      work.groups(host, open.tell(), steps.getFirst().circumstances().observedAt());
    }
    if (open.unproven() != c.unproven()) {
      host.mustBeJudged();
    }
    i.compared(
        new Compared(
            c.baseline(),
            c.baselineName(),
            c.revision(),
            open.open().size(),
            open.unlisted(),
            open.unproven(),
            steps.isEmpty() ? c.signature() : open.signature().orElse(null)));
  }

  private static Circumstances report(
      Baseline baseline,
      Decoded.Accepted report,
      boolean packageTransaction,
      Optional<Instant> settles,
      Map<FactKey, WrittenBy> writers) {
    return new Circumstances(
        baseline.statement(),
        Circumstances.report(report.incarnation(), report.sequence()),
        report.arrival().at(),
        settles.orElse(report.arrival().at()),
        packageTransaction,
        false,
        writers,
        Set.of());
  }

  /** Of keys that changed twice in one report, whoever was the last. */
  private static Map<FactKey, WrittenBy> writers(Content.Changes delta) {
    Map<FactKey, WrittenBy> writers = new HashMap<>();
    // One process writes thousands of files: it is described once.
    Map<WrittenBy, WrittenBy> known = new HashMap<>();
    for (Content.KeyChange change : delta.changes()) {
      change
          .writer()
          .map(w -> known.computeIfAbsent(w, each -> each))
          .ifPresent(w -> writers.put(change.key(), w));
    }
    return writers;
  }

  private Optional<Instant> settle(Decoded.Accepted report) {
    return Optional.of(report.arrival().at().plus(config.settle()));
  }

  /** The first baseline that a host is held against: what differs has done so all along. */
  private static Circumstances first(Baseline baseline, Installation i, SliceWork work) {
    return new Circumstances(
        baseline.statement(),
        origin(work),
        i.contact().lastSeen(),
        i.contact().lastSeen(),
        false,
        false);
  }

  private Circumstances because(Digest statement, SliceWork work, Instant at) {
    return new Circumstances(statement, origin(work), at, at.plus(config.settle()), false, true);
  }

  private static ByteString origin(SliceWork work) {
    return Circumstances.revision(work.catalogue().revision());
  }
}
