package io.patina.engine.deviations;

import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.comparison.DriftSignature;
import io.patina.engine.history.EventIds;
import io.patina.engine.state.KeyId;
import io.patina.engine.state.OverlayValue;
import io.patina.engine.state.Since;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.verdict.DriftClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is open on one installation, and what is expected but not observed. Answers of comparison go
 * in, steps come out. Not safe for use by several threads.
 */
public final class Deviations {

  /** Deviations that have rows beyond the bound if they came one by one. */
  private static final int LIVE = 1000;

  /** Fewer than this are not worth a set. */
  private static final int FEW = 100;

  private final UUID installation;
  private final TreeMap<FactKey, Deviation> open = new TreeMap<>();
  private final CauseRules rules;
  private final Causes causes;
  private final Groups groups;
  private final Shares shares = new Shares();
  private final List<Step> listedNow = new ArrayList<>();

  /** How restless facts were that have ceased to deviate. */
  private final Map<FactKey, Unrest> before = new HashMap<>();

  /** How many of a group are neither in a set nor have rows, since there was no more room. */
  private final Map<Optional<UUID>, Integer> onlyCounted = new HashMap<>();

  private final int mostListed;
  private long unproven;
  private int listed;

  /**
   * @param open what the table holds
   * @param unproven number of keys expected but not observed
   * @param mostListed deviations that a whole comparison may give rows
   * @param rules by which causes are recognised
   */
  public Deviations(
      UUID installation,
      Collection<Deviation> open,
      long unproven,
      int mostListed,
      CauseRules rules) {
    this.installation = installation;
    this.mostListed = mostListed;
    this.rules = rules;
    this.causes = new Causes(rules);
    this.groups = new Groups(installation, rules.together());
    open.forEach(this::keep);
    this.unproven = unproven;
  }

  /** Takes note of groups that have been told, as the table has it. */
  public void told(Set<UUID> told) {
    groups.told(told);
  }

  /** Takes in the parts in sets that are open. */
  public void restore(Collection<Share> parts) {
    for (Share share : parts) {
      shares.restore(share);
      // What is in a set has settled, and was told when it came there.
      Optional.ofNullable(share.group()).ifPresent(g -> groups.told(Set.of(g)));
      for (int number = 0; number < share.set().members().size(); number++) {
        if (share.has(number)) {
          Deviation d = inShare(share, number);
          keep(d);
        }
      }
    }
  }

  private Deviation inShare(Share share, int number) {
    DriftSet.Member m = share.set().members().get(number);
    return new Deviation(
        EventIds.of(share.id(), number),
        m.difference(),
        m.driftClass(),
        m.evidence(),
        share.onset(),
        share.settlesAt(),
        0,
        false,
        share.group(),
        null);
  }

  /** How many are in sets that other hosts may share. */
  public long shared() {
    return shares.size();
  }

  /**
   * Adds differences that were open without a row and in no set; those that are known stay as they
   * are.
   *
   * @param since when the fact of a key began to be as it is
   */
  public void addUnlisted(Iterable<Comparison> answers, Function<FactKey, Since> since) {
    for (Comparison answer : answers) {
      if (answer instanceof Comparison.Differs d && !open.containsKey(d.key())) {
        Since onset = since.apply(d.key());
        Evidence evidence = causes.settled(d.difference(), Optional.empty(), Set.of(), false);
        keep(
            groups.join(
                new Deviation(
                    EventIds.of(installation, KeyId.of(d.key()), "unlisted"),
                    d.difference(),
                    DriftClass.of(d.difference()),
                    evidence,
                    onset,
                    onset.latest(),
                    0,
                    false,
                    null,
                    null)));
      }
    }
  }

  /** How many of a group are in sets. */
  public long shared(@Nullable UUID group) {
    return shares.size(group);
  }

  /** What is worth a set: what {@link #rest} is, by group, where it is many. */
  public List<List<Deviation>> loose() {
    List<List<Deviation>> loose = new ArrayList<>();
    rest()
        .forEach(
            (group, of) -> {
              int counted = onlyCounted.getOrDefault(group, 0);
              if (of.size() >= FEW && Math.abs(of.size() - counted) >= FEW) {
                loose.add(of);
              }
            });
    return loose;
  }

  /** What has no row and is in no set, and whose cause has settled, by group. */
  private Map<Optional<UUID>, List<Deviation>> rest() {
    Map<Optional<UUID>, List<Deviation>> byGroup = new LinkedHashMap<>();
    if (unlisted() > shares.size()) {
      for (Deviation d : open.values()) {
        if (!d.listed() && d.tellAt() == null && shares.holding(d.difference().key()).isEmpty()) {
          byGroup.computeIfAbsent(Optional.ofNullable(d.group()), g -> new ArrayList<>()).add(d);
        }
      }
    }
    return byGroup;
  }

  /**
   * Puts those of one group that a set has into it.
   *
   * @param loose those in a set already are left where they are
   * @param since when the fact of a key began to be as it is
   */
  public void share(
      DriftSet set, List<Deviation> loose, Function<FactKey, Since> since, Circumstances c) {
    BitSet without = new BitSet();
    without.set(0, set.members().size());
    List<Deviation> alike = new ArrayList<>();
    Instant factSince = Instant.MIN;
    for (Deviation d : loose) {
      FactKey key = d.difference().key();
      int number = set.number(key);
      if (number >= 0 && shares.holding(key).isEmpty() && set.members().get(number).isAs(d)) {
        without.clear(number);
        alike.add(d);
        Instant fact = since.apply(key).latest();
        factSince = fact.isAfter(factSince) ? fact : factSince;
      }
    }
    if (alike.isEmpty()) {
      return;
    }
    UUID group = Shares.group(alike);
    Since onset = Shares.onsets(alike);
    Instant settlesAt = alike.getFirst().settlesAt();
    for (Deviation d : alike) {
      settlesAt = d.settlesAt().isAfter(settlesAt) ? d.settlesAt() : settlesAt;
    }
    Share share =
        new Share(
            EventIds.of(installation, "share", c.origin(), c.observedAt(), set.id(), group + ""),
            set,
            without,
            group,
            c.baseline(),
            factSince,
            onset,
            settlesAt,
            c.observedAt());
    shares.begin(share);
    // As an engine will have it that reads the share.
    for (Deviation d : alike) {
      Deviation member = inShare(share, set.number(d.difference().key()));
      open.put(d.difference().key(), member);
      groups.leave(d);
      groups.enter(member);
    }
  }

  /**
   * Gives rows to what has settled and is in no set, the small groups first: what people did is not
   * to be lost beside what an upgrade left. What is beyond the bound is counted only.
   *
   * @param since when the fact of a key began to be as it is
   */
  public void listRest(Function<FactKey, Since> since, Circumstances c) {
    onlyCounted.clear();
    rest().entrySet().stream()
        .sorted(Comparator.comparingInt(e -> e.getValue().size()))
        .forEach(
            e -> {
              int bound = e.getValue().size() < FEW ? mostListed + LIVE : mostListed;
              for (Deviation d : e.getValue()) {
                if (listed < bound) {
                  list(d, since.apply(d.difference().key()).latest(), c.observedAt(), c);
                } else {
                  onlyCounted.merge(e.getKey(), 1, Integer::sum);
                }
              }
            });
  }

  /** What happened to parts in sets since this was asked last. */
  public List<ShareStep> shareSteps() {
    return shares.steps();
  }

  /** What has got a row since this was asked last: it goes before what happened to it then. */
  public List<Step> listedNow() {
    List<Step> steps = List.copyOf(listedNow);
    listedNow.clear();
    return steps;
  }

  private Deviation list(Deviation known, Instant factSince, Instant observedAt, Circumstances c) {
    Deviation row = known.withRow();
    var unused = remove(known.difference().key());
    keep(row);
    listedNow.add(new Step.Listed(row, factSince, observedAt, c));
    return row;
  }

  /** A member of a set that goes its own way has a row from here on, with the onset that it had. */
  private void goItsOwnWay(FactKey key, Since end, Cause why, Circumstances c) {
    Optional<Shares.Part> part = shares.holding(key);
    Deviation known = open.get(key);
    if (part.isPresent() && known != null) {
      Share share = part.get().share();
      shares.release(part.get(), end, why, c);
      Circumstances then = c.against(share.baseline());
      list(known, share.factSince(), share.observedAt(), then);
    }
  }

  public Collection<Deviation> open() {
    return Collections.unmodifiableCollection(open.values());
  }

  public long unlisted() {
    return open.size() - (long) listed;
  }

  public long unproven() {
    return unproven;
  }

  /**
   * The drift signature; empty if nothing differs. Summed up when asked: of what is in sets the
   * sums are known, and an upgrade opens and closes thousands before anybody asks.
   */
  public Optional<Fingerprint> signature() {
    DriftSignature signature = new DriftSignature();
    shares.openIn(signature);
    for (Deviation d : open.values()) {
      if (shares.holding(d.difference().key()).isEmpty()) {
        signature.open(d.difference());
      }
    }
    return signature.value();
  }

  /**
   * Takes the answer for one key.
   *
   * @param before the answer before the fact changed
   * @param since when the fact began to be as it is
   */
  public Optional<Step> take(Comparison before, Comparison answer, Since since, Circumstances c) {
    unproven -= before instanceof Comparison.Unproven ? 1 : 0;
    Deviation known = open.get(answer.key());
    if (known != null && known.unrest().isVolatile() && staysVolatile(answer, c)) {
      return restless(known, answer, c);
    }
    if (known != null && !known.listed() && goesOn(known, answer) != Going.AS_IT_WAS) {
      goItsOwnWay(
          answer.key(),
          onset(since, c),
          c.becauseOfBaseline() ? Cause.BASELINE_CHANGED : known.cause(),
          c);
    }
    return take(answer, since, bound(answer, c), c);
  }

  /**
   * An upgrade must not take the room of what people do: what a package transaction brings gets
   * rows as a whole comparison does.
   */
  private int bound(Comparison answer, Circumstances c) {
    boolean upgraded =
        c.packageTransaction()
            && answer instanceof Comparison.Differs d
            && causes.decided(d.difference(), c).isEmpty();
    return upgraded ? mostListed : mostListed + LIVE;
  }

  /**
   * Remembers how restless facts were that do not deviate now, as the table has it; what is known
   * already is newer.
   */
  public void remember(Map<FactKey, Unrest> unrest) {
    unrest.forEach(before::putIfAbsent);
  }

  /** Whether nothing is known of how restless a fact was that does not deviate now. */
  public boolean forgot(FactKey key) {
    return !open.containsKey(key) && !before.containsKey(key);
  }

  private static boolean staysVolatile(Comparison answer, Circumstances c) {
    return !c.becauseOfBaseline()
        && !(answer instanceof Comparison.Unproven gap
            && gap.reason().equals(OverlayValue.OUT_OF_SCOPE));
  }

  /** One interval, however often it changes and whether or not it is as expected in between. */
  private Optional<Step> restless(Deviation known, Comparison answer, Circumstances c) {
    Difference actual =
        switch (answer) {
          case Comparison.Same same -> null;
          case Comparison.Differs d -> d.difference();
          case Comparison.Unproven gap -> {
            unproven++;
            yield known.difference();
          }
        };
    boolean asExpected = actual == null;
    if (answer instanceof Comparison.Unproven
        || (asExpected && known.unrest().asExpected())
        || (actual != null && !known.unrest().asExpected() && isAs(known, actual))) {
      return Optional.empty();
    }
    Deviation changed =
        known.restless(known.unrest().changed(c.observedAt(), asExpected, rules.unrest()));
    open.put(known.difference().key(), changed);
    return Optional.of(new Step.Restless(changed, Step.Restless.Turn.WENT_ON, actual, c));
  }

  /** Volatile ones that have stood still for long enough. */
  public List<FactKey> calm(Instant now) {
    return open.values().stream()
        .filter(d -> isCalm(d, now))
        .map(d -> d.difference().key())
        .toList();
  }

  private boolean isCalm(Deviation d, Instant now) {
    Instant at = d.unrest().calmAt(rules.unrest());
    return at != null && !at.isAfter(now);
  }

  /**
   * A volatile fact has stood still.
   *
   * @param answer how it stands
   * @param since since when
   */
  public Optional<Step> calmed(Comparison answer, Since since, Circumstances c) {
    Deviation known = open.get(answer.key());
    Instant last = known == null ? null : known.unrest().last();
    if (known == null || last == null) {
      return Optional.empty();
    }
    if (answer instanceof Comparison.Same) {
      before.put(answer.key(), Unrest.NONE);
      Deviation still = known.restless(Unrest.NONE);
      var unused = remove(answer.key());
      // A snapshot since then says less of when it was.
      boolean seen = since.latest().equals(since.earliest()) && !since.latest().isAfter(last);
      Since end = seen ? since : Since.exactly(last);
      return Optional.of(new Step.Closed(still, end, known.cause(), c));
    }
    Deviation still =
        answer instanceof Comparison.Differs d && !isAs(known, d.difference())
            ? known.as(d.difference()).restless(Unrest.NONE)
            : known.restless(Unrest.NONE);
    var unused = remove(answer.key());
    keep(still);
    return Optional.of(new Step.Restless(still, Step.Restless.Turn.CALMED, still.difference(), c));
  }

  /** What an answer makes of what is open. */
  private enum Going {
    AS_IT_WAS,
    OTHERWISE,
    NO_MORE
  }

  private static Going goesOn(Deviation known, Comparison answer) {
    return switch (answer) {
      case Comparison.Same same -> Going.NO_MORE;
      case Comparison.Differs d -> isAs(known, d.difference()) ? Going.AS_IT_WAS : Going.OTHERWISE;
      case Comparison.Unproven gap ->
          gap.reason().equals(OverlayValue.OUT_OF_SCOPE) ? Going.NO_MORE : Going.AS_IT_WAS;
    };
  }

  private Optional<Step> take(Comparison answer, Since since, int bound, Circumstances c) {
    return switch (answer) {
      case Comparison.Same same -> close(same.key(), since, c);
      case Comparison.Unproven gap -> {
        unproven++;
        yield gap.reason().equals(OverlayValue.OUT_OF_SCOPE)
            ? close(gap.key(), since, Cause.NO_LONGER_OBSERVED, c)
            : Optional.empty();
      }
      case Comparison.Differs differs -> differ(differs.difference(), since, bound, c);
    };
  }

  /**
   * Takes the answers for every key at once: what was open and is not among them is closed.
   *
   * @param answers without those that are the same, or with them
   * @param since when the fact of a key began to be as it is
   */
  public List<Step> takeAll(
      Iterable<Comparison> answers, Function<FactKey, Since> since, Circumstances c) {
    List<Step> steps = new ArrayList<>();
    Set<FactKey> named = new HashSet<>();
    int differing = 0;
    for (Comparison answer : answers) {
      named.add(answer.key());
      differing += answer instanceof Comparison.Differs ? 1 : 0;
    }
    // So many are kept once for all hosts that have them, or else each has its row.
    int bound = differing > mostListed ? 0 : Integer.MAX_VALUE;
    for (FactKey key : List.copyOf(open.keySet())) {
      Deviation known = open.get(key);
      if (known != null && known.unrest().isVolatile() && !c.becauseOfBaseline()) {
        if (!named.contains(key)) {
          restless(known, new Comparison.Same(key), c).ifPresent(steps::add);
        }
      } else if (known != null && !named.contains(key)) {
        breakUp(known, true, since.apply(key), c);
        close(key, since.apply(key), c).ifPresent(steps::add);
      }
    }
    unproven = 0;
    Circumstances all = c.withUpdated(updated(answers));
    for (Comparison answer : answers) {
      Deviation known = open.get(answer.key());
      if (known != null && known.unrest().isVolatile() && staysVolatile(answer, all)) {
        restless(known, answer, all).ifPresent(steps::add);
        continue;
      }
      if (known != null && !known.listed()) {
        boolean gone = goesOn(known, answer) != Going.AS_IT_WAS;
        if (gone || bound > 0) {
          breakUp(known, gone, since.apply(answer.key()), c);
        }
      }
      take(answer, since.apply(answer.key()), bound, all).ifPresent(steps::add);
    }
    shares.finish(c);
    return steps;
  }

  private void breakUp(Deviation known, boolean gone, Since since, Circumstances c) {
    if (!known.listed()) {
      Cause why = c.becauseOfBaseline() ? Cause.BASELINE_CHANGED : known.cause();
      shares.breakUp(known.difference().key(), gone, onset(since, c), why);
    }
  }

  /** Packages that this comparison shows to have changed: not those that differed as they do. */
  private Set<FactKey> updated(Iterable<Comparison> answers) {
    Set<FactKey> updated = new HashSet<>();
    for (Comparison answer : answers) {
      if (answer instanceof Comparison.Differs d
          && d.key().facet().equals(Facet.PACKAGE.wireName())) {
        Deviation known = open.get(d.key());
        if (known == null || !isAs(known, d.difference())) {
          updated.add(d.key());
        }
      }
    }
    return updated;
  }

  private static boolean isAs(Deviation known, Difference difference) {
    return known.difference().isAs(difference);
  }

  /** When time alone may settle a cause; empty if none is open. */
  public Optional<Instant> nextTelling() {
    Instant until = pendingUntil();
    return open.values().stream()
        .flatMap(
            d ->
                Stream.of(
                        Optional.ofNullable(tellable(d, until)),
                        Optional.ofNullable(d.unrest().calmAt(rules.unrest())))
                    .flatMap(Optional::stream))
        .min(Comparator.naturalOrder());
  }

  /** Groups that are to be told now; each is told once. */
  public List<Group> tell() {
    return groups.tell(open.values());
  }

  /**
   * Settles the causes whose time is over. That a package transaction was under way explains what
   * packages do, not what happened beside it.
   */
  public List<Step> explain(Instant now, Circumstances c) {
    Instant pendingUntil = pendingUntil();
    List<Deviation> due = new ArrayList<>();
    Packages packages = new Packages(rules.together());
    for (Deviation d : open.values()) {
      Instant at = tellable(d, pendingUntil);
      if (at != null && !at.isAfter(now)) {
        due.add(d);
      }
      if (d.isPackage()) {
        packages.add(d);
      }
    }
    List<Step> steps = new ArrayList<>();
    for (Deviation d : due) {
      groups.leave(d);
      Deviation explained = groups.join(d.with(explained(d, packages), null));
      groups.enter(explained);
      open.put(d.difference().key(), explained);
      steps.add(new Step.Explained(explained, d.group(), c));
    }
    return steps;
  }

  private Evidence explained(Deviation d, Packages packages) {
    // Of what has no row the writer is not kept: what he decided has been decided.
    if (d.cause() == Cause.BASELINE_CHANGED || (!d.listed() && !d.evidence().actor().isEmpty())) {
      return d.evidence();
    }
    Optional<WrittenBy> writer = d.evidence().writer();
    boolean pending = d.cause() == Cause.PENDING;
    Evidence settled = causes.settled(d.difference(), writer, packages.untold(), pending);
    // What a package's script starts may write long after the package itself has been told.
    if (settled.cause() != Cause.PACKAGE_UPDATE && (pending || causes.isByPackages(writer))) {
      settled = causes.settled(d.difference(), writer, packages.at(d.doneAt()), pending);
    }
    return writer.isPresent() ? settled : byItsFile(d, packages).orElse(settled);
  }

  /**
   * A unit has no writer: it is whose file says what systemd then said of it, even if packages
   * changed at the same time.
   */
  private Optional<Evidence> byItsFile(Deviation unit, Packages packages) {
    if (!unit.difference().key().facet().equals(Facet.UNIT.wireName())) {
      return Optional.empty();
    }
    String name = unit.difference().key().name().toStringUtf8();
    Cause itself = causes.settled(unit.difference(), Optional.empty(), Set.of(), false).cause();
    for (Deviation f : open.values()) {
      if (UnitPaths.unit(f.difference().key()).filter(name::equals).isPresent()
          && isWithin(f, unit)) {
        // It may still be waiting for what the packages turn out to have done.
        Evidence file = f.cause() == Cause.PENDING ? explained(f, packages) : f.evidence();
        if (!file.actor().isEmpty() && file.cause() == itself) {
          return Optional.of(file.of("follows from " + f.difference().key().displayName()));
        }
      }
    }
    return Optional.empty();
  }

  private boolean isWithin(Deviation a, Deviation b) {
    return Duration.between(a.doneAt(), b.doneAt()).abs().compareTo(rules.together()) <= 0;
  }

  /** What a package transaction has touched waits until all that it has touched has settled. */
  private Instant pendingUntil() {
    Instant until = Instant.MIN;
    for (Deviation d : open.values()) {
      Instant at = d.tellAt();
      if (d.cause() == Cause.PENDING && at != null && at.isAfter(until)) {
        until = at;
      }
    }
    return until;
  }

  private @Nullable Instant tellable(Deviation d, Instant pendingUntil) {
    Instant at = d.tellAt();
    if (at == null || d.cause() != Cause.PENDING || !pendingUntil.isAfter(at)) {
      return at;
    }
    Instant longest = at.plus(rules.longestPending());
    return pendingUntil.isBefore(longest) ? pendingUntil : longest;
  }

  private @Nullable Instant tellAt(FactKey key, Circumstances c) {
    return c.mustSettle() && rules.settles() && !rules.isCritical(key)
        ? c.observedAt().plus(rules.settle())
        : null;
  }

  /** What changes all the time would never be told if each change let it wait anew. */
  private @Nullable Instant again(Deviation known, Circumstances c) {
    Instant waits = known.tellAt();
    Instant now = tellAt(known.difference().key(), c);
    return waits != null && now != null && waits.isBefore(now) ? waits : now;
  }

  private Optional<Step> differ(Difference difference, Since since, int bound, Circumstances c) {
    FactKey key = difference.key();
    Deviation known = open.get(key);
    if (known == null) {
      boolean row = listed < bound;
      Deviation opened =
          groups.join(
              new Deviation(
                  EventIds.of(installation, KeyId.of(key), c.origin()),
                  difference,
                  DriftClass.of(difference),
                  evidence(difference, row, c),
                  onset(since, c),
                  c.settlesAt(),
                  0,
                  row,
                  null,
                  tellAt(key, c),
                  reopened(key, c),
                  null));
      keep(opened);
      return Optional.of(new Step.Opened(opened, since, c));
    }
    if (!known.listed() && listed < bound && shares.holding(key).isEmpty()) {
      // There is room for it now: it gets its row, with the onset that it had.
      known = list(known, since.latest(), c.observedAt(), c);
    }
    if (isAs(known, difference)) {
      return Optional.empty();
    }
    Unrest unrest =
        c.becauseOfBaseline()
            ? known.unrest()
            : known.unrest().changed(c.observedAt(), false, rules.unrest());
    if (unrest.isVolatile() && known.listed()) {
      Deviation restless = known.as(difference).restless(unrest);
      remove(key);
      keep(restless);
      return Optional.of(new Step.Restless(restless, Step.Restless.Turn.BECAME, difference, c));
    }
    known = known.restless(unrest);
    // Whoever wrote last is whose doing it is: an upgrade's file that is then edited by hand.
    Deviation changed =
        c.becauseOfBaseline()
            ? known.changed(difference, known.evidence(), known.tellAt(), null)
            : groups.join(
                known.changed(
                    difference,
                    evidence(difference, known.listed(), c),
                    again(known, c),
                    since.latest()));
    remove(key);
    keep(changed);
    return Optional.of(new Step.Changed(changed, known.group(), c));
  }

  /**
   * A process describes itself in kilobytes: of what has no row only what it decided is kept, or
   * thousands of writers would fill the memory.
   */
  private Evidence evidence(Difference difference, boolean row, Circumstances c) {
    Evidence evidence = causes.of(difference, c);
    if (row) {
      return evidence;
    }
    return (evidence.cause() == Cause.PENDING
            ? causes.decided(difference, c)
            : Optional.<Evidence>empty())
        .orElse(evidence)
        .withoutWriter();
  }

  private Optional<Step> close(FactKey key, Since since, Circumstances c) {
    Deviation known = open.get(key);
    if (known == null) {
      return Optional.empty();
    }
    return close(key, since, c.becauseOfBaseline() ? Cause.BASELINE_CHANGED : known.cause(), c);
  }

  private Optional<Step> close(FactKey key, Since since, Cause why, Circumstances c) {
    Deviation known = open.get(key);
    if (known == null) {
      return Optional.empty();
    }
    Unrest unrest =
        c.becauseOfBaseline() || why == Cause.NO_LONGER_OBSERVED
            ? Unrest.NONE
            : known.unrest().changed(c.observedAt(), true, rules.unrest());
    if (unrest.isVolatile() && known.listed()) {
      Deviation restless = known.restless(unrest);
      open.put(key, restless);
      return Optional.of(new Step.Restless(restless, Step.Restless.Turn.BECAME, null, c));
    }
    var unused = remove(key);
    before.put(key, unrest);
    return Optional.of(new Step.Closed(known.restless(unrest), onset(since, c), why, c));
  }

  private Unrest reopened(FactKey key, Circumstances c) {
    Unrest was = before.remove(key);
    return was == null || was.changes() == 0 || c.becauseOfBaseline()
        ? Unrest.NONE
        : was.reopened(c.observedAt(), rules.unrest());
  }

  /** A host that is as it was deviates, or not, since its baseline says otherwise. */
  private static Since onset(Since since, Circumstances c) {
    return c.becauseOfBaseline() ? Since.exactly(c.observedAt()) : since;
  }

  private void keep(Deviation deviation) {
    open.put(deviation.difference().key(), deviation);
    groups.enter(deviation);
    listed += deviation.listed() ? 1 : 0;
  }

  private @Nullable Deviation remove(FactKey key) {
    Deviation known = open.remove(key);
    if (known != null) {
      groups.leave(known);
      listed -= known.listed() ? 1 : 0;
    }
    return known;
  }
}
