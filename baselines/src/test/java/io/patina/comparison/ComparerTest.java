package io.patina.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.facts.Generated;
import io.patina.scope.Glob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ComparerTest {

  private static final FactKey KEY = key("/usr/bin/x");
  private static final Comparer EXACT = new Comparer(List.of(), List.of(keys("/usr/**")));

  @Test
  void theSameIsTheSame() {
    same(EXACT, fact("mode", "0755"), fact("mode", "0755"));
  }

  @Test
  void whatIsNotStatedIsNotCompared() {
    same(EXACT, fact("mode", "0755"), fact("mode", "0755", "size", "12"));
    same(EXACT, fact(), fact("mode", "0755"));
  }

  @Test
  void aChangeNamesOnlyTheAttributesThatDiffer() {
    Difference d =
        differs(
            EXACT,
            fact("mode", "0755", "size", "12", "~package", "x"),
            fact("mode", "4755", "size", "12", "uid", "0"));
    assertEquals(Difference.Kind.CHANGED, d.kind());
    assertEquals(attributes("mode", "0755", "~package", "x"), d.expected());
    assertEquals(attributes("mode", "4755"), d.actual());
    assertEquals(Optional.of("x"), d.owner());
  }

  @Test
  void annotationsAreNeverCompared() {
    same(EXACT, fact("~package", "x"), fact("~package", "y"));
  }

  @Test
  void missingSaysAllThatWasExpected() {
    Difference d = differs(EXACT, fact("mode", "0755"), Optional.empty());
    assertEquals(Difference.Kind.MISSING, d.kind());
    assertEquals(attributes("mode", "0755"), d.expected());
    assertEquals(Attributes.NONE, d.actual());
  }

  @Test
  void unexpectedOnlyWhereTheManifestIsExhaustive() {
    Difference d = differs(EXACT, Optional.empty(), fact("mode", "0755"));
    assertEquals(Difference.Kind.UNEXPECTED, d.kind());
    assertEquals(attributes("mode", "0755"), d.actual());
    Comparer elsewhere = new Comparer(List.of(), List.of(keys("/etc/**")));
    same(elsewhere, Optional.empty(), fact("mode", "0755"));
    same(new Comparer(List.of(), List.of()), Optional.empty(), fact("mode", "0755"));
  }

  @Test
  void anotherTypeIsAChangeOfTypeAndOfWhatOnlyThatTypeHas() {
    Difference d =
        differs(
            EXACT,
            fact("type", "file", "mode", "0644", "size", "3"),
            fact("type", "directory", "mode", "0644"));
    assertEquals(attributes("type", "file", "size", "3"), d.expected());
    assertEquals(attributes("type", "directory"), d.actual());
  }

  @Test
  void anAttributeThatWasNotObservedIsNeitherCleanNorDrift() {
    unproven(
        "unobserved-attribute", EXACT, fact("mode", "0755", "selinux", "x"), fact("mode", "0755"));
    Difference d = differs(EXACT, fact("mode", "0755", "selinux", "x"), fact("mode", "0700"));
    assertEquals(attributes("mode", "0755"), d.expected());
  }

  @Test
  void aGapIsNeitherCleanNorDrift() {
    unproven("permission", EXACT, fact("mode", "0755"), gap("permission"));
    same(EXACT, Optional.empty(), gap("permission"));
    same(EXACT, gap("permission"), fact("mode", "0755"));
    same(EXACT, gap("permission"), Optional.empty());
    same(EXACT, gap("permission"), gap("io-error"));
  }

  @Test
  void aGapOverThePrefixCoversWhatIsMissing() {
    Optional<Gap> covering = Optional.of(new Gap(key("/usr/"), true, "permission"));
    assertEquals(
        new Comparison.Unproven(KEY, "permission"),
        EXACT.compare(KEY, fact("mode", "0755"), Optional.empty(), covering));
    assertEquals(
        new Comparison.Same(KEY), EXACT.compare(KEY, Optional.empty(), Optional.empty(), covering));
  }

  @Test
  void ignoredFactsMayBeAnything() {
    Comparer comparer = rule(new Expectation.Ignored(keys("/usr/bin/*"), "generated"));
    same(comparer, fact("mode", "0755"), fact("mode", "0700"));
    same(comparer, fact("mode", "0755"), Optional.empty());
    same(comparer, Optional.empty(), fact("mode", "0755"));
    same(comparer, fact("mode", "0755"), gap("permission"));
  }

  @Test
  void ignoredAttributesMayBeAnythingButTheFactMustBe() {
    Comparer comparer =
        rule(new Expectation.IgnoredAttributes(keys("/usr/bin/*"), Set.of("mode"), "umask"));
    same(comparer, fact("mode", "0755", "uid", "0"), fact("mode", "0700", "uid", "0"));
    same(comparer, fact("mode", "0755"), fact("uid", "0"));
    assertEquals(
        attributes("uid", "1"),
        differs(comparer, fact("mode", "0755", "uid", "0"), fact("mode", "0700", "uid", "1"))
            .actual());
    assertEquals(
        Difference.Kind.MISSING, differs(comparer, fact("mode", "0755"), Optional.empty()).kind());
  }

  @Test
  void absentFactsMustNotBeExhaustiveOrNot() {
    Comparer comparer =
        new Comparer(
            List.of(new Expectation.Absent(keys("/usr/bin/*"), "removed tool")), List.of());
    same(comparer, Optional.empty(), Optional.empty());
    same(comparer, fact("mode", "0755"), Optional.empty());
    unproven("permission", comparer, Optional.empty(), gap("permission"));
    assertEquals(
        Difference.Kind.UNEXPECTED,
        differs(comparer, Optional.empty(), fact("mode", "0755")).kind());
    assertEquals(
        Difference.Kind.UNEXPECTED,
        differs(comparer, fact("mode", "0755"), fact("mode", "0755")).kind());
  }

  @Test
  void theFirstExpectationThatMatchesDecides() {
    Comparer comparer =
        new Comparer(
            List.of(
                new Expectation.Ignored(new Expectation.Keys("kernel", Glob.of("**")), "other"),
                new Expectation.Ignored(keys("/usr/bin/x"), "first"),
                new Expectation.Absent(keys("/usr/bin/*"), "second")),
            List.of());
    same(comparer, Optional.empty(), fact("mode", "0755"));
  }

  @Test
  void wholeManifestsCompareAsKeyByKey() {
    int gaps = 0;
    int differences = 0;
    for (int seed = 0; seed < 1500; seed++) {
      Generated generated = new Generated(seed);
      List<Entry> expected = generated.entries(15);
      List<Entry> actual = generated.entries(15);
      // Half of the expected facts are there too, as they are or changed.
      Map<FactKey, Entry> merged = new HashMap<>();
      actual.forEach(e -> merged.put(e.key(), e));
      for (Entry e : expected) {
        if (generated.below(2) == 0) {
          Attributes attributes = generated.sometimes() ? generated.attributes() : e.attributes();
          merged.put(e.key(), Entry.of(e.key(), attributes));
        }
      }
      // Gaps over directories, with keys below them.
      if (generated.sometimes()) {
        merged.put(key("/"), Entry.of(new Gap(key("/"), true, "permission")));
      }
      actual = merged.values().stream().sorted((a, b) -> a.key().compareTo(b.key())).toList();
      Comparer comparer = generated.sometimes() ? EXACT : everything();
      List<Comparison> together = new ArrayList<>();
      comparer.compareAll(expected, actual, together::add);
      List<Comparison> single = new ArrayList<>();
      TreeSet<FactKey> all = new TreeSet<>();
      expected.forEach(e -> all.add(e.key()));
      actual.forEach(e -> all.add(e.key()));
      for (FactKey key : all) {
        single.add(
            comparer.compare(key, find(expected, key), find(actual, key), covering(actual, key)));
      }
      assertEquals(single, together, "seed " + seed);
      gaps += (int) single.stream().filter(Comparison.Unproven.class::isInstance).count();
      differences += (int) single.stream().filter(Comparison.Differs.class::isInstance).count();
    }
    assertTrue(gaps > 100 && differences > 100, gaps + " gaps, " + differences + " differences");
  }

  private static Comparer everything() {
    return new Comparer(
        List.of(), List.of(keys("/**"), new Expectation.Keys("kernel", Glob.of("**"))));
  }

  private static Optional<Entry> find(List<Entry> entries, FactKey key) {
    return entries.stream().filter(e -> e.key().equals(key)).findFirst();
  }

  /** The innermost prefix gap over a key that was not observed, found the slow way. */
  private static Optional<Gap> covering(List<Entry> actual, FactKey key) {
    if (find(actual, key).isPresent()) {
      return Optional.empty();
    }
    return actual.stream()
        .flatMap(e -> e.gap().stream())
        .filter(Gap::prefix)
        .filter(g -> g.key().facet().equals(key.facet()))
        .filter(g -> key.name().startsWith(g.key().name()))
        .max((a, b) -> Integer.compare(a.key().name().size(), b.key().name().size()));
  }

  private static Comparer rule(Expectation expectation) {
    return new Comparer(List.of(expectation), List.of(keys("/**")));
  }

  private static Expectation.Keys keys(String glob) {
    return new Expectation.Keys(Facet.FILE.wireName(), Glob.of(glob));
  }

  private static FactKey key(String path) {
    return FactKey.file(ByteString.copyFromUtf8(path));
  }

  private static Attributes attributes(String... namesAndValues) {
    Attributes.Builder out = new Attributes.Builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.text(namesAndValues[i], namesAndValues[i + 1]);
    }
    return out.build();
  }

  private static Optional<Entry> fact(String... namesAndValues) {
    return Optional.of(Entry.of(KEY, attributes(namesAndValues)));
  }

  private static Optional<Entry> gap(String reason) {
    return Optional.of(Entry.of(new Gap(KEY, false, reason)));
  }

  private static void same(Comparer comparer, Optional<Entry> expected, Optional<Entry> actual) {
    assertEquals(
        new Comparison.Same(KEY), comparer.compare(KEY, expected, actual, Optional.empty()));
  }

  private static void unproven(
      String reason, Comparer comparer, Optional<Entry> expected, Optional<Entry> actual) {
    assertEquals(
        new Comparison.Unproven(KEY, reason),
        comparer.compare(KEY, expected, actual, Optional.empty()));
  }

  private static Difference differs(
      Comparer comparer, Optional<Entry> expected, Optional<Entry> actual) {
    return assertInstanceOf(
            Comparison.Differs.class, comparer.compare(KEY, expected, actual, Optional.empty()))
        .difference();
  }
}
