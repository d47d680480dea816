package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is with what is expected, by stated attribute: what the expected manifest does not
 * state is not compared. Immutable, safe for threads.
 */
public final class Comparer {

  private final List<Expectation> expectations;
  private final List<Expectation.Keys> exhaustive;

  /**
   * @param expectations the first that matches a key decides
   * @param exhaustive where a key that the expected manifest does not have is unexpected
   */
  public Comparer(List<Expectation> expectations, List<Expectation.Keys> exhaustive) {
    this.expectations = List.copyOf(expectations);
    this.exhaustive = List.copyOf(exhaustive);
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
    Optional<Expectation> rule = rule(key);
    return switch (rule.orElse(null)) {
      case Expectation.Ignored ignored -> new Comparison.Same(key);
      case Expectation.Absent absent ->
          actual.isPresent() && !actual.get().isGap()
              ? unexpected(key, actual.get())
              : new Comparison.Same(key);
      case Expectation.IgnoredAttributes some -> compare(key, expected, actual, covering, some);
      case null -> compare(key, expected, actual, covering, null);
    };
  }

  private Comparison compare(
      FactKey key,
      Optional<Entry> expected,
      Optional<Entry> actual,
      Optional<Gap> covering,
      Expectation.@Nullable IgnoredAttributes some) {
    boolean isExpected = expected.isPresent() && !expected.get().isGap();
    if (isExpected && actual.isPresent() && equal(expected.get(), actual.get())) {
      return new Comparison.Same(key);
    }
    if (actual.isPresent()) {
      Optional<Gap> gap = actual.get().gap();
      if (gap.isPresent()) {
        return isExpected
            ? new Comparison.Unproven(key, gap.get().reason())
            : new Comparison.Same(key);
      }
      if (isExpected) {
        return attributes(key, expected.get().attributes(), actual.get().attributes(), some);
      }
      boolean wasGap = expected.isPresent();
      return !wasGap && isExhaustive(key)
          ? unexpected(key, actual.get())
          : new Comparison.Same(key);
    }
    if (!isExpected) {
      return new Comparison.Same(key);
    }
    if (covering.isPresent()) {
      return new Comparison.Unproven(key, covering.get().reason());
    }
    return new Comparison.Differs(
        new Difference(key, Difference.Kind.MISSING, expected.get().attributes(), Attributes.NONE));
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
    Entry nextE = next(e);
    Entry nextA = next(a);
    PrefixGaps gaps = new PrefixGaps();
    while (nextE != null || nextA != null) {
      int order = nextE == null ? 1 : nextA == null ? -1 : nextE.key().compareTo(nextA.key());
      FactKey key = order <= 0 ? key(nextE) : key(nextA);
      Entry thisE = order <= 0 ? nextE : null;
      Entry thisA = order >= 0 ? nextA : null;
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
    }
  }

  /** Most facts of most hosts: the same bytes, so that nothing need be parsed. */
  private static boolean equal(Entry expected, Entry actual) {
    return expected.canonical().equals(actual.canonical());
  }

  private static FactKey key(@Nullable Entry entry) {
    if (entry == null) {
      throw new IllegalStateException("one side has an entry whenever the loop runs");
    }
    return entry.key();
  }

  private static @Nullable Entry next(Iterator<Entry> entries) {
    return entries.hasNext() ? entries.next() : null;
  }

  private static Comparison attributes(
      FactKey key,
      Attributes expected,
      Attributes actual,
      Expectation.@Nullable IgnoredAttributes some) {
    Attributes.Builder was = new Attributes.Builder();
    Attributes.Builder is = new Attributes.Builder();
    boolean differs = false;
    boolean unproven = false;
    for (Map.Entry<String, ByteString> stated : expected.values().entrySet()) {
      String name = stated.getKey();
      if (Attributes.isAnnotation(name)) {
        was.bytes(name, stated.getValue());
        continue;
      }
      if (some != null && some.attributes().contains(name)) {
        continue;
      }
      Optional<ByteString> observed = actual.get(name);
      if (observed.isEmpty()) {
        if (Absence.means(name, expected, actual)) {
          differs = true;
          was.bytes(name, stated.getValue());
        } else {
          unproven = true;
        }
      } else if (!observed.get().equals(stated.getValue())) {
        differs = true;
        was.bytes(name, stated.getValue());
        is.bytes(name, observed.get());
      }
    }
    if (differs) {
      return new Comparison.Differs(
          new Difference(key, Difference.Kind.CHANGED, was.build(), is.build()));
    }
    return unproven
        ? new Comparison.Unproven(key, Comparison.Unproven.UNOBSERVED_ATTRIBUTE)
        : new Comparison.Same(key);
  }

  private static Comparison unexpected(FactKey key, Entry actual) {
    return new Comparison.Differs(
        new Difference(key, Difference.Kind.UNEXPECTED, Attributes.NONE, actual.attributes()));
  }

  private Optional<Expectation> rule(FactKey key) {
    for (Expectation e : expectations) {
      if (e.keys().contains(key)) {
        return Optional.of(e);
      }
    }
    return Optional.empty();
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
