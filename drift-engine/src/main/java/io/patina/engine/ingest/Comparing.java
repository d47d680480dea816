package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.deviations.Circumstances;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.deviations.DeviationTable;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.deviations.DriftSet;
import io.patina.engine.deviations.SharedSets;
import io.patina.engine.deviations.Step;
import io.patina.engine.deviations.Unrest;
import io.patina.engine.deviations.WrittenBy;
import io.patina.engine.history.Event;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.reports.Content;
import io.patina.engine.reports.Decoded;
import io.patina.engine.selection.AnswersOfPairs;
import io.patina.engine.selection.Choosing;
import io.patina.engine.selection.Comparisons;
import io.patina.engine.state.Compared;
import io.patina.engine.state.Facts;
import io.patina.engine.state.ImageIdentity;
import io.patina.engine.state.Installation;
import io.patina.engine.state.KeyId;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Since;
import io.patina.engine.state.StateConfig;
import io.patina.facts.Entry;
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
import java.util.function.Predicate;

/** Holds hosts against their baselines and turns what differs into deviations and events. */
@Singleton
public final class Comparing {

  /** Facts of one report that are looked up; more of them do not change because of one. */
  private static final int MOST_REMEMBERED = 200;

  /** Where nothing is compared with any more: what ends only then needs no baseline. */
  private static final Digest NONE = Digest.of(ByteString.EMPTY);

  private final ManifestCache manifests;
  private final JudgeConfig config;
  private final int mostListed;
  private final CauseRules rules;
  private final InForceReader decided;
  private final Choosing choosing;
  private final SharedSets sets = new SharedSets();
  private final AnswersOfPairs pairs = new AnswersOfPairs();

  public Comparing(
      ManifestCache manifests,
      JudgeConfig config,
      StateConfig state,
      CauseRules rules,
      InForceReader decided) {
    this.decided = decided;
    this.rules = rules;
    this.mostListed = state.listedDeviations();
    this.manifests = manifests;
    this.config = config;
    this.choosing = new Choosing(manifests);
  }

  /** The baseline that an installation is compared with, if it is still active. */
  static Optional<Baseline> baseline(Installation i, SliceWork work) {
    Digest statement = i.compared().baseline();
    return statement == null ? Optional.empty() : work.catalogue().find(statement);
  }

  /**
   * Follows the catalogue and what persons decide: if another baseline is for this host now, or its
   * labels may have changed, it is compared again. Costs nothing if the revision is the one that
   * was followed last.
   */
  void follow(Host host, SliceWork work) throws SQLException {
    Installation i = host.installation();
    if (i.compared().revision() == work.catalogue().revision()) {
      return;
    }
    work.touch(host);
    boolean decided = i.compared().revision() == Compared.DECIDED;
    if (decided) {
      host.mustBeJudged();
    }
    Digest before = i.compared().baseline();
    Choosing.Choice choice =
        choosing.choose(
            work.connection(),
            work.catalogue(),
            i,
            () -> host.facts(work.connection(), manifests),
            Choosing.Changed.NOTHING);
    Optional<Baseline> after = choice.baseline();
    // Its image was unknown, and the baseline that selected it is in force no more.
    boolean leftAlone =
        before == null && after.isEmpty() && !choice.imageUnknown() && i.compared().open() > 0;
    if (Objects.equals(before, after.map(Baseline::statement).orElse(null))
        && (!decided || before == null)
        && !leftAlone) {
      // Most hosts, whenever a baseline changes: nothing of what is open has to be read.
      take(host, choice, origin(i, work).toStringUtf8(), work.now(), work);
      return;
    }
    // What is open must be read while the old baseline is still the installation's.
    Deviations open = open(host, work);
    take(host, choice, origin(i, work).toStringUtf8(), work.now(), work);
    host.mustBeJudged();
    Optional<Facts> facts = host.facts(work.connection(), manifests);
    // Of an unknown image what differed is neither more nor less than it was.
    if (facts.isEmpty() || choice.imageUnknown()) {
      return;
    }
    List<Step> steps;
    if (after.isEmpty()) {
      Circumstances c = because(Objects.requireNonNullElse(before, NONE), i, work, work.now());
      steps = open.takeAll(List.of(), key -> Since.exactly(work.now()), c);
    } else {
      Circumstances c =
          before == null
              ? first(after.get(), i, work)
              : because(
                  after.get().statement(), i, work, decided ? work.now() : after.get().heldSince());
      steps = all(i, after.get(), facts.get(), open, facts.get()::since, c, work);
    }
    told(host, steps, open, work);
  }

  /**
   * Compares everything after a complete snapshot.
   *
   * @param known what was known before; if nothing was, what it finds need not settle
   */
  void snapshot(
      Host host,
      Facts facts,
      Decoded.Accepted report,
      Function<FactKey, Since> since,
      Optional<Facts> known,
      SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    Deviations open = open(host, work);
    runs(i, ImageIdentity.of(facts::observed));
    Choosing.Choice choice =
        choosing.choose(work.connection(), work.catalogue(), i, () -> Optional.of(facts), null);
    Optional<Baseline> baseline = choice.baseline();
    take(host, choice, origin(report), report.arrival().at(), work);
    host.mustBeJudged();
    if (baseline.isEmpty()) {
      if (choice.imageUnknown() && known.isPresent()) {
        keepOnly(host, open, key -> isAs(known.get(), facts, key), since, choice, report, work);
      }
      return;
    }
    Circumstances c =
        report(
            baseline.get(),
            report,
            false,
            known.isEmpty() ? Optional.of(report.arrival().at()) : settle(report),
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
    Optional<Baseline> was = baseline(i, work);
    // A host comes into another image by a boot, which a snapshot follows. Until then what it is
    // held against stays, and an edit of what states the image is a deviation.
    boolean otherImage = was.isEmpty() && keys.stream().anyMatch(ImageIdentity::isPart);
    if (otherImage) {
      runs(i, ImageIdentity.of(after::observed));
    }
    if (was.isEmpty() && !otherImage && i.compared().open() == 0) {
      return;
    }
    Deviations open = open(host, work);
    // A gap over a prefix that came or went decides about keys that are not named.
    boolean gaps = keys.stream().anyMatch(k -> before.hasPrefixGapAt(k) || after.hasPrefixGapAt(k));
    Optional<Baseline> baseline = was;
    if (otherImage || i.transit().isPresent() || i.image().unknown()) {
      Choosing.Choice choice =
          choosing.choose(
              work.connection(),
              work.catalogue(),
              i,
              () -> Optional.of(after),
              gaps ? null : new Choosing.Changed(Optional.of(before), keys));
      baseline = choice.baseline();
      take(host, choice, origin(report), report.arrival().at(), work);
      if (choice.imageUnknown()) {
        keepOnly(host, open, key -> isAs(before, after, key), after::since, choice, report, work);
      }
    }
    if (baseline.isEmpty()) {
      return;
    }
    boolean other = !baseline.map(Baseline::statement).equals(was.map(Baseline::statement));
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
    if (other || gaps) {
      steps.addAll(all(i, baseline.get(), after, open, after::since, c, work));
    } else {
      remember(open, keys, i, work);
      Comparer comparer = baseline.get().measure().comparer(i.assignedLabels());
      Manifest expected =
          Comparisons.expected(work.connection(), manifests, baseline.get()).manifest();
      for (FactKey key : keys) {
        Comparison earlier = Comparisons.of(comparer, expected, before, key);
        Comparison is = Comparisons.of(comparer, expected, after, key);
        open.take(earlier, is, after.since(key), c).ifPresent(steps::add);
      }
    }
    told(host, steps, open, work);
  }

  /** Takes note of its image: whether another one is known has to be asked anew, and told. */
  private static void runs(Installation i, String image) {
    Installation.Image known = i.image();
    i.image(new Installation.Image(image, known.unknown() && known.name().equals(image)));
  }

  /** What does not deviate now may have done so a moment ago, and all day. */
  private static void remember(
      Deviations open, Collection<FactKey> keys, Installation i, SliceWork work)
      throws SQLException {
    Map<ByteString, FactKey> forgotten = new HashMap<>();
    for (FactKey key : keys) {
      if (open.forgot(key)) {
        forgotten.put(KeyId.of(key), key);
      }
    }
    if (forgotten.isEmpty() || forgotten.size() > MOST_REMEMBERED) {
      return;
    }
    Map<FactKey, Unrest> unrest = new HashMap<>();
    DeviationTable.lastUnrest(work.connection(), i.id(), forgotten.keySet())
        .forEach((id, of) -> unrest.put(Objects.requireNonNull(forgotten.get(id)), of));
    open.remember(unrest);
  }

  /** What was volatile and has stood still is so no more. */
  void calm(Host host, SliceWork work) throws SQLException {
    Installation i = host.installation();
    Optional<Baseline> baseline = baseline(i, work);
    Deviations open = open(host, work);
    List<FactKey> calm = open.calm(work.now());
    Optional<Facts> facts =
        calm.isEmpty() ? Optional.empty() : host.facts(work.connection(), manifests);
    if (baseline.isEmpty() || facts.isEmpty()) {
      return;
    }
    Comparer comparer = baseline.get().measure().comparer(i.assignedLabels());
    Manifest expected =
        Comparisons.expected(work.connection(), manifests, baseline.get()).manifest();
    Circumstances c =
        new Circumstances(
            baseline.get().statement(),
            ByteString.copyFromUtf8("calm/" + work.now()),
            work.now(),
            work.now(),
            false,
            false);
    List<Step> steps = new ArrayList<>();
    for (FactKey key : calm) {
      open.calmed(Comparisons.of(comparer, expected, facts.get(), key), facts.get().since(key), c)
          .ifPresent(steps::add);
    }
    told(host, steps, open, work);
  }

  /** What is open on a host. */
  Deviations open(Host host, SliceWork work) throws SQLException {
    return host.deviations(
        work.connection(), manifests, baseline(host.installation(), work), mostListed, rules, sets);
  }

  /** Compares it with nothing any more: what was open on it is not observed any longer. */
  void end(Host host, SliceWork work) throws SQLException {
    Installation i = host.installation();
    // Of an unknown image there are deviations too, from the baseline that selects it.
    Digest statement =
        Optional.ofNullable(i.compared().baseline())
            .or(
                () ->
                    work.catalogue()
                        .select(i.hex(), i.assignedLabels(), new Digest(i.machine().scope()))
                        .map(Baseline::statement))
            .orElse(null);
    i.transit(Optional.empty());
    if (statement == null && i.compared().open() == 0) {
      return;
    }
    Deviations open = open(host, work);
    i.image(new Installation.Image(i.image().name(), false));
    i.compared(new Compared(null, "", work.catalogue().revision(), 0, 0, 0, null));
    Circumstances c = because(Objects.requireNonNullElse(statement, NONE), i, work, work.now());
    told(host, open.takeAll(List.of(), key -> Since.exactly(work.now()), c), open, work);
  }

  /** Tells causes that have settled. */
  void explain(Host host, SliceWork work) throws SQLException {
    Installation i = host.installation();
    Digest statement = i.compared().baseline();
    if (statement == null) {
      return;
    }
    Deviations open = open(host, work);
    Circumstances c = because(statement, i, work, work.now());
    List<Step> steps = open.explain(work.now(), c);
    if (!steps.isEmpty()) {
      share(host, open, c, work);
      work.steps(host, open.listedNow());
      work.steps(host, steps);
      Telling.groups(host, open, work.now(), work.decided(decided), work);
      i.compared(i.compared().counting(open.open().size(), open.unlisted()));
    }
  }

  /**
   * Keeps what has no row in sets, each once for all hosts that have it; of the rest as much has
   * rows as may.
   */
  private void share(Host host, Deviations open, Circumstances c, SliceWork work)
      throws SQLException {
    if (open.unlisted() > open.shared()) {
      Optional<Facts> facts = host.facts(work.connection(), manifests);
      Since seen = Since.exactly(c.observedAt());
      Function<FactKey, Since> since = key -> facts.map(f -> f.since(key)).orElse(seen);
      long room = Math.min(work.roomInSets(), SharedSets.MOST_OF_A_HOST - open.shared());
      for (List<Deviation> of : open.loose()) {
        long inSets = open.shared(of.getFirst().group());
        for (DriftSet set : sets.fitting(work.connection(), c.baseline(), of, inSets, room)) {
          open.share(set, of, since, c);
          room -= set.members().size();
        }
      }
      open.listRest(since, c);
    }
    work.shares(host, open.shareSteps());
  }

  /**
   * Writes down what a host is held against from now on.
   *
   * @param number what makes this choice the only one
   */
  private static void take(
      Host host, Choosing.Choice choice, Object number, Instant at, SliceWork work) {
    Installation i = host.installation();
    Compared c = i.compared();
    Optional<Baseline> chosen = choice.baseline();
    Digest statement = chosen.map(Baseline::statement).orElse(null);
    boolean moved = i.transit(choice.transit());
    boolean other = i.image(new Installation.Image(i.image().name(), choice.imageUnknown()));
    // Of an unknown image somebody may have brought a baseline: that is worth saying.
    if (moved || other || choice.imageUnknown()) {
      host.mustBeJudged();
    }
    if (choice.imageUnknown() && (other || c.baseline() != null)) {
      work.imageUnknown(i, at);
    }
    if (!Objects.equals(c.baseline(), statement)) {
      work.event(
          EventData.other(
              i,
              Event.BASELINE_SELECTED,
              number,
              at,
              "baseline",
              chosen.map(b -> b.golden().name() + " " + b.golden().version()).orElse("none")));
    }
    i.compared(
        new Compared(
            statement,
            chosen.map(b -> b.golden().name()).orElse(""),
            work.catalogue().revision(),
            c.open(),
            c.unlisted(),
            c.unproven(),
            c.signature()));
  }

  /**
   * Of a host whose image nobody knows: what was open and is as it was stays so, and has its onset
   * once there is a baseline. The rest came with the image.
   */
  private void keepOnly(
      Host host,
      Deviations open,
      Predicate<FactKey> isAsItWas,
      Function<FactKey, Since> since,
      Choosing.Choice choice,
      Decoded.Accepted report,
      SliceWork work)
      throws SQLException {
    List<Comparison> kept = new ArrayList<>();
    List<FactKey> restless = new ArrayList<>();
    for (Deviation d : open.open()) {
      if (d.listed() && !d.unrest().asExpected() && isAsItWas.test(d.difference().key())) {
        kept.add(new Comparison.Differs(d.difference()));
      } else if (d.unrest().isVolatile()) {
        restless.add(d.difference().key());
      }
    }
    if (kept.size() == open.open().size()) {
      return;
    }
    Circumstances c =
        report(choice.active().orElseThrow(), report, false, settle(report), Map.of());
    List<Step> steps = new ArrayList<>();
    for (FactKey key : restless) {
      // Nobody would see it stand still: without a baseline nothing does.
      open.calmed(new Comparison.Same(key), since.apply(key), c).ifPresent(steps::add);
    }
    steps.addAll(open.takeAll(kept, since, c));
    told(host, steps, open, work);
  }

  private static boolean isAs(Facts before, Facts after, FactKey key) {
    return before
        .observed(key)
        .map(Entry::canonical)
        .equals(after.observed(key).map(Entry::canonical));
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
        pairs.all(work.connection(), manifests, baseline, i.assignedLabels(), facts), since, c);
  }

  private void told(Host host, List<Step> steps, Deviations open, SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    Compared c = i.compared();
    List<Step> listed = open.listedNow();
    if (steps.isEmpty() && !listed.isEmpty()) {
      // Nothing happened, but that more of them may have rows than before.
      work.steps(host, listed);
      work.shares(host, open.shareSteps());
    }
    if (!steps.isEmpty()) {
      host.mustBeJudged();
      work.steps(host, listed);
      share(host, open, steps.getFirst().circumstances(), work);
      work.steps(host, open.listedNow());
      work.steps(host, steps);
      for (Step step : steps) {
        if (step.deviation().listed()) {
          EventData.step(i, step).ifPresent(work::event);
        }
      }
      Instant observed = steps.getFirst().circumstances().observedAt();
      Telling.groups(host, open, observed, work.decided(decided), work);
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
        origin(report),
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
        origin(i, work),
        i.contact().lastSeen(),
        i.contact().lastSeen(),
        false,
        false);
  }

  private Circumstances because(Digest statement, Installation i, SliceWork work, Instant at) {
    return new Circumstances(statement, origin(i, work), at, at.plus(config.settle()), false, true);
  }

  private static ByteString origin(Decoded.Accepted report) {
    return Circumstances.report(report.incarnation(), report.sequence());
  }

  private static ByteString origin(Installation i, SliceWork work) {
    return Circumstances.revision(work.catalogue().revision(), i.decisions());
  }
}
