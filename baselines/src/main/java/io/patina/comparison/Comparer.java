package io.patina.comparison;

import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is with what is expected, by stated attribute: what neither the expected manifest
 * nor an expectation states is not compared. Immutable, safe for threads.
 *
 * <p>Expectations are read from the first to the last. Of each attribute of a fact, and of whether
 * the fact is there at all, the first that says something decides; the manifest decides the rest.
 */
public final class Comparer {

  private final Rules rules;
  private final List<Expectation.Keys> exhaustive;
  private final Map<String, String> labels;
  private final List<FactKey> named;

  /**
   * @param expectations in the order that decides
   * @param exhaustive where a key that the expected manifest does not have is unexpected
   */
  public Comparer(List<Expectation> expectations, List<Expectation.Keys> exhaustive) {
    this.rules = new Rules(expectations);
    this.exhaustive = List.copyOf(exhaustive);
    this.labels = Map.of();
    this.named = rules.named();
  }

  private Comparer(Comparer of, Map<String, String> labels, List<FactKey> named) {
    this.rules = of.rules;
    this.exhaustive = of.exhaustive;
    this.labels = Map.copyOf(labels);
    this.named = List.copyOf(named);
  }

  /**
   * The same for a host with these assigned labels. Costs nothing worth mentioning. What refers to
   * a label that is not among them is {@link Comparison.Unproven}.
   */
  public Comparer labelled(Map<String, String> assignedLabels) {
    return new Comparer(this, assignedLabels, named);
  }

  /** The same where only keys that pass are observed: nothing is required of the others. */
  public Comparer observing(Predicate<FactKey> observed) {
    return new Comparer(this, labels, named.stream().filter(observed).toList());
  }

  /**
   * The keys for which this may answer other than "the same" although a host has exactly what this
   * manifest says: an expectation is about them. In key order.
   */
  public List<FactKey> beyond(Iterable<Entry> manifest) {
    List<FactKey> found = new ArrayList<>(named);
    for (Entry entry : manifest) {
      Ruling ruling = rules.of(entry.key());
      if (!ruling.tests().isEmpty() || ruling.is(Ruling.Being.ABSENT)) {
        found.add(entry.key());
      }
    }
    return found.stream().sorted().distinct().toList();
  }

  /**
   * Compares one key.
   *
   * @param expected the entry of the expected manifest; a gap there expects nothing
   * @param actual the entry observed
   * @param covering a gap over a prefix of the key, for a key that was not observed
   */
  public Comparison compare(
      FactKey key, Optional<Entry> expected, Optional<Entry> actual, Optional<Gap> covering) {
    Ruling ruling = rules.of(key);
    Optional<Gap> gap = actual.isPresent() ? actual.get().gap() : covering;
    boolean stated = expected.isPresent() && !expected.get().isGap();
    if (ruling.is(Ruling.Being.ABSENT)) {
      return gap.isPresent()
          ? new Comparison.Unproven(key, gap.get().reason())
          : actual.isPresent() ? unexpected(key, actual.get()) : new Comparison.Same(key);
    }
    boolean mayLack = ruling.is(Ruling.Being.IGNORED) || ruling.is(Ruling.Being.OPTIONAL);
    boolean mustBe = !mayLack && (stated || ruling.is(Ruling.Being.REQUIRED));
    if (gap.isPresent()) {
      boolean isThere = actual.isPresent();
      return mustBe || (isThere && !ruling.tests().isEmpty())
          ? new Comparison.Unproven(key, gap.get().reason())
          : new Comparison.Same(key);
    }
    if (actual.isEmpty()) {
      return mustBe ? missing(key, expected, ruling) : new Comparison.Same(key);
    }
    if (!stated && expected.isEmpty() && ruling.presence() == null && isExhaustive(key)) {
      return unexpected(key, actual.get());
    }
    boolean untested = ruling.tests().isEmpty();
    if (untested && (!stated || ruling.restIgnored() || equal(expected.get(), actual.get()))) {
      return new Comparison.Same(key);
    }
    return new AttributeComparison(key, ruling, labels)
        .of(stated ? expected.get().attributes() : Attributes.NONE, actual.get().attributes());
  }

  private Comparison missing(FactKey key, Optional<Entry> expected, Ruling ruling) {
    Attributes.Builder was = new Attributes.Builder();
    expected.filter(e -> !e.isGap()).ifPresent(e -> was.all(e.attributes()));
    ruling
        .tests()
        .forEach(
            (name, test) -> {
              if (!was.isFull()) {
                was.bytes(name, test.expected(name, labels));
              }
            });
    return new Comparison.Differs(
        new Difference(key, Difference.Kind.MISSING, was.build(), Attributes.NONE));
  }

  /**
   * Compares everything; answers come in key order, keys that are the same included.
   *
   * @param expected sorted strictly ascending, as manifests are
   * @param actual likewise
   */
  public void compareAll(
      Iterable<Entry> expected, Iterable<Entry> actual, Consumer<Comparison> sink) {
    Iterator<Entry> e = expected.iterator();
    Iterator<Entry> a = actual.iterator();
    Iterator<FactKey> n = named.iterator();
    Entry nextE = next(e);
    Entry nextA = next(a);
    FactKey nextN = next(n);
    PrefixGaps gaps = new PrefixGaps();
    while (true) {
      FactKey key = least(least(nextE, nextA), nextN);
      if (key == null) {
        return;
      }
      Entry thisE = nextE != null && nextE.key().equals(key) ? nextE : null;
      Entry thisA = nextA != null && nextA.key().equals(key) ? nextA : null;
      if (thisA != null) {
        gaps.see(thisA);
      }
      sink.accept(
          compare(
              key,
              Optional.ofNullable(thisE),
              Optional.ofNullable(thisA),
              thisA == null ? gaps.covering(key) : Optional.empty()));
      nextE = thisE != null ? next(e) : nextE;
      nextA = thisA != null ? next(a) : nextA;
      nextN = key.equals(nextN) ? next(n) : nextN;
    }
  }

  /** Most facts of most hosts: the same bytes, so that nothing need be parsed. */
  private static boolean equal(Entry expected, Entry actual) {
    return expected.canonical().equals(actual.canonical());
  }

  private static @Nullable FactKey least(@Nullable Entry one, @Nullable Entry other) {
    return least(one == null ? null : one.key(), other == null ? null : other.key());
  }

  private static @Nullable FactKey least(@Nullable FactKey one, @Nullable FactKey other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static <T> @Nullable T next(Iterator<T> of) {
    return of.hasNext() ? of.next() : null;
  }

  private static Comparison unexpected(FactKey key, Entry actual) {
    return new Comparison.Differs(
        new Difference(key, Difference.Kind.UNEXPECTED, Attributes.NONE, actual.attributes()));
  }

  private boolean isExhaustive(FactKey key) {
    for (Expectation.Keys k : exhaustive) {
      if (k.contains(key)) {
        return true;
      }
    }
    return false;
  }
}
