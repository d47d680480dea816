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
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is open on one installation, and what is expected but not observed. Answers of comparison go
 * in, steps come out. Not safe for use by several threads.
 */
public final class Deviations {

  /** Deviations that have rows beyond the bound if they came one by one. */
  private static final int LIVE = 1000;

  private final UUID installation;
  private final TreeMap<FactKey, Deviation> open = new TreeMap<>();
  private final DriftSignature signature = new DriftSignature();
  private final CauseRules rules;
  private final Causes causes;
  private final Groups groups;
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

  /** Adds differences that were open without a row; those that have one stay as they are. */
  public void addUnlisted(Iterable<Comparison> answers, Instant observedAt) {
    for (Comparison answer : answers) {
      if (answer instanceof Comparison.Differs d && !open.containsKey(d.key())) {
        keep(
            new Deviation(
                EventIds.of(installation, KeyId.of(d.key()), "unlisted"),
                d.difference(),
                DriftClass.of(d.difference()),
                Cause.UNKNOWN,
                Since.exactly(observedAt),
                observedAt,
                0,
                false));
      }
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

  /** The drift signature; empty if nothing differs. */
  public Optional<Fingerprint> signature() {
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
    Set<FactKey> named = new TreeSet<>();
    answers.forEach(answer -> named.add(answer.key()));
    // What ends goes first: it makes room for rows of what begins.
    for (FactKey key : List.copyOf(open.keySet())) {
      if (!named.contains(key)) {
        close(key, since.apply(key), c).ifPresent(steps::add);
      }
    }
    unproven = 0;
    Circumstances all = c.withUpdated(updated(answers));
    for (Comparison answer : answers) {
      take(answer, since.apply(answer.key()), mostListed, all).ifPresent(steps::add);
    }
    return steps;
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
    return known.difference().canonical().equals(difference.canonical());
  }

  /** When time alone may settle a cause; empty if none is open. */
  public Optional<Instant> nextTelling() {
    Instant until = pendingUntil();
    return open.values().stream()
        .flatMap(d -> Optional.ofNullable(tellable(d, until)).stream())
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
    return writer.isPresent() ? settled : byItsFile(d, settled);
  }

  /** A unit has no writer: it is whose file says what systemd then said of it. */
  private Evidence byItsFile(Deviation unit, Evidence settled) {
    if (!unit.difference().key().facet().equals(Facet.UNIT.wireName())) {
      return settled;
    }
    String name = unit.difference().key().name().toStringUtf8();
    return open.values().stream()
        .filter(f -> UnitPaths.unit(f.difference().key()).filter(name::equals).isPresent())
        .filter(f -> !f.evidence().actor().isEmpty() && f.cause() == settled.cause())
        .filter(f -> isWithin(f, unit))
        .findFirst()
        .map(f -> f.evidence().of("follows from " + f.difference().key().displayName()))
        .orElse(settled);
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
                  null));
      keep(opened);
      return Optional.of(new Step.Opened(opened, since, c));
    }
    if (!known.listed() && listed < bound) {
      // There is room for it now: it gets its row as if it had just been found.
      remove(key);
      return differ(difference, known.onset(), bound, c);
    }
    if (isAs(known, difference)) {
      return Optional.empty();
    }
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
    Deviation known = remove(key);
    if (known == null) {
      return Optional.empty();
    }
    return Optional.of(new Step.Closed(known, onset(since, c), why, c));
  }

  /** A host that is as it was deviates, or not, since its baseline says otherwise. */
  private static Since onset(Since since, Circumstances c) {
    return c.becauseOfBaseline() ? Since.exactly(c.observedAt()) : since;
  }

  private void keep(Deviation deviation) {
    open.put(deviation.difference().key(), deviation);
    groups.enter(deviation);
    signature.open(deviation.difference());
    listed += deviation.listed() ? 1 : 0;
  }

  private @Nullable Deviation remove(FactKey key) {
    Deviation known = open.remove(key);
    if (known != null) {
      groups.leave(known);
      signature.close(known.difference());
      listed -= known.listed() ? 1 : 0;
    }
    return known;
  }
}
