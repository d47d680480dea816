package io.patina.engine.deviations;

import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.comparison.DriftSignature;
import io.patina.engine.history.EventIds;
import io.patina.engine.state.KeyId;
import io.patina.engine.state.OverlayValue;
import io.patina.engine.state.Since;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.verdict.DriftClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private final int mostListed;
  private long unproven;
  private int listed;

  /**
   * @param open what the table holds
   * @param unproven number of keys expected but not observed
   * @param mostListed deviations that a whole comparison may give rows
   */
  public Deviations(UUID installation, Collection<Deviation> open, long unproven, int mostListed) {
    this.installation = installation;
    this.mostListed = mostListed;
    open.forEach(this::keep);
    this.unproven = unproven;
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
    return take(answer, since, mostListed + LIVE, c);
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
    for (Comparison answer : answers) {
      take(answer, since.apply(answer.key()), mostListed, c).ifPresent(steps::add);
    }
    return steps;
  }

  /**
   * Tells the causes that were pending and whose time to settle is over. That a package transaction
   * was under way explains what packages do, not what happened beside it.
   */
  public List<Step> explain(Instant now, Circumstances c) {
    List<Step> steps = new ArrayList<>();
    Set<FactKey> updated = new HashSet<>();
    for (Deviation d : open.values()) {
      if (d.isPackage() && (d.cause() == Cause.PENDING || d.cause() == Cause.PACKAGE_UPDATE)) {
        updated.add(d.difference().key());
      }
    }
    for (Map.Entry<FactKey, Deviation> each : open.entrySet()) {
      Deviation d = each.getValue();
      if (d.cause() == Cause.PENDING && !d.settlesAt().isAfter(now)) {
        Deviation explained = d.with(Causes.settled(d.difference(), updated));
        each.setValue(explained);
        steps.add(new Step.Explained(explained, c));
      }
    }
    return steps;
  }

  private Optional<Step> differ(Difference difference, Since since, int bound, Circumstances c) {
    FactKey key = difference.key();
    Deviation known = open.get(key);
    if (known == null) {
      Since onset = onset(since, c);
      Deviation opened =
          new Deviation(
              EventIds.of(installation, KeyId.of(key), c.origin()),
              difference,
              DriftClass.of(difference),
              Causes.of(difference, c),
              onset,
              c.settlesAt(),
              0,
              listed < bound);
      keep(opened);
      return Optional.of(new Step.Opened(opened, since, c));
    }
    if (!known.listed() && listed < bound) {
      // There is room for it now: it gets its row as if it had just been found.
      remove(key);
      return differ(difference, known.onset(), bound, c);
    }
    if (known.difference().canonical().equals(difference.canonical())) {
      return Optional.empty();
    }
    Deviation changed = known.with(difference);
    remove(key);
    keep(changed);
    return Optional.of(new Step.Changed(changed, c));
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
    signature.open(deviation.difference());
    listed += deviation.listed() ? 1 : 0;
  }

  private @Nullable Deviation remove(FactKey key) {
    Deviation known = open.remove(key);
    if (known != null) {
      signature.close(known.difference());
      listed -= known.listed() ? 1 : 0;
    }
    return known;
  }
}
