package io.patina.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.manifest.Digest;
import io.patina.scope.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpectedValuesTest {

  private static final FactKey HOSTNAME = key("file", "/etc/hostname");

  @Test
  void anExactValueGoesBeforeTheManifests() {
    Comparer comparer = one("file", "/etc/hostname", "mode", new Constraint.Exactly("0600"));
    same(comparer, file("mode", "0644"), file("mode", "0600"));
    Difference d = differs(comparer, file("mode", "0644"), file("mode", "0644"));
    assertEquals(Optional.of("0600"), d.expected().shown("mode"));
    assertEquals(Optional.of("0644"), d.actual().shown("mode"));
    assertEquals(Optional.of("why"), d.expected().shown(Attributes.EXPECTATION));
  }

  @Test
  void whatIsNotExpectedOtherwiseIsStillTheManifests() {
    Comparer comparer = one("file", "/etc/hostname", "mode", new Constraint.Exactly("0600"));
    Difference d = differs(comparer, file("uid", "0"), file("mode", "0600", "uid", "7"));
    assertEquals(Optional.of("7"), d.actual().shown("uid"));
    assertEquals(Optional.empty(), d.expected().shown("mode"));
  }

  @Test
  void oneOfSeveralValues() {
    Comparer comparer =
        one("file", "/etc/hostname", "mode", new Constraint.OneOf(List.of("0600", "0640")));
    same(comparer, Optional.empty(), file("mode", "0640"));
    assertEquals(
        Optional.of("one of 0600, 0640"),
        differs(comparer, Optional.empty(), file("mode", "0644")).expected().shown("mode"));
  }

  @Test
  void aPatternMatchesTheWholeValue() {
    Comparer comparer =
        one("kernel", "cmdline", "value", new Constraint.Matches(".*\\bquiet\\b.*"));
    FactKey key = key("kernel", "cmdline");
    same(comparer, key, fact(key, "value", "root=/dev/vda1 quiet ro"));
    differs(comparer, key, fact(key, "value", "root=/dev/vda1 quieter ro"));
    Comparer whole = one("kernel", "cmdline", "value", new Constraint.Matches("quiet"));
    differs(whole, key, fact(key, "value", "quiet ro"));
  }

  @Test
  void patternsThatBlowUpElsewhereAreLinearHereOrRefused() {
    Comparer comparer = one("kernel", "cmdline", "value", new Constraint.Matches("(a*)*(a*)*b"));
    FactKey key = key("kernel", "cmdline");
    differs(comparer, key, fact(key, "value", "a".repeat(60_000)));
    refused("multiply", "((a{100}){100}){100}");
    refused("at most 1000 characters", "a".repeat(1001));
    refused("not a pattern", "(unclosed");
    refused("not a pattern", "(a)\\1");
  }

  @Test
  void versionsAreComparedInTheOrderOfTheirFamily() {
    Constraint wanted = new Constraint.AtLeast("3.0.11-1~deb12u2");
    FactKey dpkg = key("package", "dpkg:openssl:amd64");
    Comparer comparer = one("package", "dpkg:openssl:*", "versions", wanted);
    same(comparer, dpkg, fact(dpkg, "versions", "3.0.11-1~deb12u2"));
    same(comparer, dpkg, fact(dpkg, "versions", "3.0.11-1"));
    // The newest of several counts.
    same(comparer, dpkg, fact(dpkg, "versions", "3.0.2-1 3.0.20-1"));
    assertEquals(
        Optional.of("at least 3.0.11-1~deb12u2"),
        differs(comparer, dpkg, fact(dpkg, "versions", "3.0.11-1~deb12u1"))
            .expected()
            .shown("versions"));
    FactKey rpm = key("package", "rpm:kernel:x86_64");
    Comparer rpms = one("package", "rpm:kernel:*", "versions", new Constraint.AtLeast("5.14.0"));
    same(rpms, rpm, fact(rpm, "versions", "5.14.0-427.el9"));
    differs(rpms, rpm, fact(rpm, "versions", "4.18.0-553.el8"));
    FactKey release = key("kernel", "release");
    Comparer kernels = one("kernel", "release", "value", new Constraint.AtLeast("6.1"));
    same(kernels, release, fact(release, "value", "6.1.0-18-amd64"));
    differs(kernels, release, fact(release, "value", "5.10.0-28-amd64"));
  }

  @Test
  void aNamedFactMustBeWhateverTheManifestSays() {
    Comparer comparer =
        one("kernel", "config:CONFIG_{NAMESPACES,NET_NS}", "value", new Constraint.Exactly("y"));
    List<Comparison> answers =
        all(
            comparer,
            List.of(),
            List.of(fact(key("kernel", "config:CONFIG_NET_NS"), "value", "y").get()));
    assertEquals(2, answers.size());
    Difference d = assertInstanceOf(Comparison.Differs.class, answers.getFirst()).difference();
    assertEquals(Difference.Kind.MISSING, d.kind());
    assertEquals("config:CONFIG_NAMESPACES", d.key().displayName());
    assertEquals(Optional.of("y"), d.expected().shown("value"));
    assertInstanceOf(Comparison.Same.class, answers.getLast());
  }

  @Test
  void whatCouldNotBeObservedIsNeitherCleanNorDrift() {
    Comparer comparer =
        one("kernel", "config:CONFIG_NAMESPACES", "value", new Constraint.Exactly("y"));
    Gap gap = new Gap(key("kernel", "config:"), true, Gap.UNAVAILABLE);
    Comparison answer =
        all(comparer, List.of(), List.of(Entry.of(gap))).stream()
            .filter(c -> !(c instanceof Comparison.Same))
            .findFirst()
            .orElseThrow();
    assertEquals(
        new Comparison.Unproven(key("kernel", "config:CONFIG_NAMESPACES"), Gap.UNAVAILABLE),
        answer);
    Comparer mode = one("file", "/etc/hostname", "mode", new Constraint.Exactly("0600"));
    unproven(Comparison.Unproven.UNOBSERVED_ATTRIBUTE, mode, file("uid", "0"));
    assertEquals(List.of(), all(comparer.observing(k -> false), List.of(), List.of()));
  }

  @Test
  void aGlobRequiresNothingAndAllowsNothingNew() {
    Comparer comparer =
        new Comparer(
            List.of(values("file", "/etc/*", Expectation.Presence.STATED, "uid", "0")),
            List.of(keys("file", "/etc/**")));
    assertEquals(List.of(), all(comparer, List.of(), List.of()));
    assertEquals(
        Difference.Kind.UNEXPECTED, differs(comparer, Optional.empty(), file("uid", "0")).kind());
  }

  @Test
  void anOptionalFactMayBeOrNotBeButNotOtherwise() {
    Comparer comparer =
        new Comparer(
            List.of(values("file", "/etc/host*", Expectation.Presence.OPTIONAL, "uid", "0")),
            List.of(keys("file", "/etc/**")));
    same(comparer, Optional.empty(), file("uid", "0"));
    same(comparer, file("uid", "0"), Optional.empty());
    differs(comparer, Optional.empty(), file("uid", "7"));
  }

  @Test
  void theFirstThatSaysSomethingOfAnAttributeDecides() {
    Expectation uid = values("file", "/etc/hostname", Expectation.Presence.STATED, "uid", "7");
    Expectation other = values("file", "/etc/*", Expectation.Presence.STATED, "uid", "8");
    Expectation ids =
        new Expectation.IgnoredAttributes(keys("file", "/etc/**"), Set.of("uid", "gid"), "ids");
    Expectation all = new Expectation.Ignored(keys("file", "/etc/**"), "all");
    Optional<Entry> expected = file("uid", "0", "gid", "0", "mode", "0644");
    Comparer comparer = new Comparer(List.of(uid, other, ids), List.of());
    same(comparer, expected, file("uid", "7", "gid", "9", "mode", "0644"));
    differs(comparer, expected, file("uid", "8", "gid", "9", "mode", "0644"));
    differs(comparer, expected, file("uid", "7", "gid", "9", "mode", "0600"));
    same(
        new Comparer(List.of(ids, uid), List.of()),
        expected,
        file("uid", "3", "mode", "0644", "gid", "0"));
    // What is ignored whole is ignored in what nothing before it said.
    Comparer rest = new Comparer(List.of(uid, all), List.of());
    same(rest, expected, file("uid", "7", "gid", "9", "mode", "0600"));
    differs(rest, expected, file("uid", "0", "gid", "9", "mode", "0600"));
    same(rest, expected, Optional.empty());
  }

  @Test
  void aLabelStandsForItsValue() {
    Comparer comparer =
        one("file", "/etc/hostname", "sha256", new Constraint.Content(List.of("${label:name}\n")));
    Comparer web1 = comparer.labelled(Map.of("name", "web1"));
    same(web1, Optional.empty(), content("web1\n"));
    Difference d = differs(web1, Optional.empty(), content("web2\n"));
    assertEquals(Optional.of(sha256("web1\n").hex()), d.expected().shown("sha256"));
    unproven(Comparison.Unproven.UNASSIGNED_LABEL + "name", comparer, content("web1\n"));
    Comparer quoted =
        one("kernel", "cmdline", "value", new Constraint.Matches("host=${label:name}( .*)?"));
    FactKey key = key("kernel", "cmdline");
    same(quoted.labelled(Map.of("name", "a.b")), key, fact(key, "value", "host=a.b ro"));
    differs(quoted.labelled(Map.of("name", "a.b")), key, fact(key, "value", "host=axb ro"));
    Comparer literal = one("kernel", "cmdline", "value", new Constraint.Exactly("$${label:x}"));
    same(literal, key, fact(key, "value", "${label:x}"));
    // A label too long for the pattern is no reason to call a host clean, or to fail.
    assertInstanceOf(
        Comparison.Unproven.class,
        quoted
            .labelled(Map.of("name", "x".repeat(10_000)))
            .compare(key, Optional.empty(), fact(key, "value", "x"), Optional.empty()));
  }

  @Test
  void anotherTypeHasNoContent() {
    Comparer comparer =
        one("file", "/etc/hostname", "sha256", new Constraint.Content(List.of("web1\n")));
    Difference d = differs(comparer, Optional.empty(), file("type", "link", "target", "/x"));
    assertEquals(Optional.of("link"), d.actual().shown("type"));
  }

  @Test
  void oneHostSpecificValueInAThousandHostsIsOneExpectation() {
    Comparer golden =
        one("file", "/etc/hostname", "sha256", new Constraint.Content(List.of("${label:host}\n")));
    int drifting = 0;
    for (int i = 0; i < 1000; i++) {
      Comparer host = golden.labelled(Map.of("host", "web" + i));
      Optional<Entry> expected = content("image\n");
      same(host, expected, content("web" + i + "\n"));
      DriftSignature signature = new DriftSignature();
      assertEquals(Optional.empty(), signature.value());
      drifting +=
          host.compare(HOSTNAME, expected, content("web" + (i + 1) + "\n"), Optional.empty())
                  instanceof Comparison.Differs
              ? 1
              : 0;
    }
    assertEquals(1000, drifting);
  }

  @Test
  void whatGoesBeyondTheManifestIsKnownBeforehand() {
    Comparer comparer =
        new Comparer(
            List.of(
                values("file", "/etc/a*", Expectation.Presence.STATED, "uid", "0"),
                new Expectation.Absent(keys("file", "/etc/no"), "no"),
                new Expectation.Ignored(keys("file", "/etc/x"), "x")),
            List.of());
    List<Entry> manifest =
        List.of(
            Entry.of(key("file", "/etc/ab"), attributes("uid", "0")),
            Entry.of(key("file", "/etc/x"), attributes("uid", "0")));
    assertEquals(
        List.of(key("file", "/etc/ab"), key("file", "/etc/no")), comparer.beyond(manifest));
  }

  /** The figure is printed, not asserted: machines differ. */
  @Test
  void halfAMillionFactsUnderAThousandExpectations() {
    List<Expectation> expectations = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      expectations.add(
          switch (i % 4) {
            case 0 -> values("file", "/usr/d" + i + "/**", Expectation.Presence.STATED, "uid", "0");
            case 1 -> new Expectation.Ignored(keys("file", "/usr/d" + i + "/cache/*"), "cache");
            case 2 ->
                Expectation.Values.of(
                    keys("file", "/usr/d" + i + "/f1*"),
                    Expectation.Presence.STATED,
                    "mode",
                    new Constraint.Matches("0[0-7]{3}"),
                    "modes");
            default -> new Expectation.Absent(keys("file", "/usr/d" + i + "/*.bak"), "backups");
          });
    }
    List<Entry> facts = new ArrayList<>();
    for (int d = 0; d < 1000; d++) {
      for (int f = 0; f < 500; f++) {
        facts.add(
            Entry.of(key("file", "/usr/d" + d + "/f" + f), attributes("mode", "0644", "uid", "0")));
      }
    }
    facts.sort((a, b) -> a.key().compareTo(b.key()));
    Comparer comparer = new Comparer(expectations, List.of(keys("file", "/usr/**")));
    long started = System.nanoTime();
    int[] seen = new int[2];
    comparer.compareAll(facts, facts, c -> seen[c instanceof Comparison.Same ? 0 : 1]++);
    System.out.printf(
        "500,000 facts under 1,000 expectations: %.2f s%n", (System.nanoTime() - started) / 1e9);
    assertEquals(500_000, seen[0]);
    assertEquals(0, seen[1]);
  }

  private static void refused(String why, String pattern) {
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> new Constraint.Matches(pattern))
                .getMessage());
    assertTrue(said.contains(why), said);
  }

  private static Comparer one(String facet, String glob, String attribute, Constraint must) {
    Expectation.Keys keys = keys(facet, glob);
    Expectation.Presence presence =
        keys.glob().names().isEmpty() ? Expectation.Presence.STATED : Expectation.Presence.REQUIRED;
    return new Comparer(
        List.of(Expectation.Values.of(keys, presence, attribute, must, "why")), List.of());
  }

  private static Expectation values(
      String facet, String glob, Expectation.Presence presence, String attribute, String value) {
    return Expectation.Values.of(
        keys(facet, glob), presence, attribute, new Constraint.Exactly(value), "why");
  }

  private static List<Comparison> all(Comparer comparer, List<Entry> expected, List<Entry> actual) {
    List<Comparison> answers = new ArrayList<>();
    comparer.compareAll(expected, actual, answers::add);
    return answers;
  }

  private static Expectation.Keys keys(String facet, String glob) {
    return new Expectation.Keys(facet, Glob.of(glob));
  }

  private static FactKey key(String facet, String name) {
    return new FactKey(facet, ByteString.copyFromUtf8(name));
  }

  private static Attributes attributes(String... namesAndValues) {
    Attributes.Builder out = new Attributes.Builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.text(namesAndValues[i], namesAndValues[i + 1]);
    }
    return out.build();
  }

  private static Optional<Entry> fact(FactKey key, String... namesAndValues) {
    return Optional.of(Entry.of(key, attributes(namesAndValues)));
  }

  private static Optional<Entry> file(String... namesAndValues) {
    return fact(HOSTNAME, namesAndValues);
  }

  private static Optional<Entry> content(String text) {
    return Optional.of(
        Entry.of(HOSTNAME, new Attributes.Builder().bytes("sha256", sha256(text).bytes()).build()));
  }

  private static Digest sha256(String text) {
    return Digest.of(ByteString.copyFromUtf8(text));
  }

  private static void same(Comparer comparer, FactKey key, Optional<Entry> actual) {
    assertEquals(
        new Comparison.Same(key),
        comparer.compare(key, Optional.empty(), actual, Optional.empty()));
  }

  private static void same(Comparer comparer, Optional<Entry> expected, Optional<Entry> actual) {
    assertEquals(
        new Comparison.Same(HOSTNAME),
        comparer.compare(HOSTNAME, expected, actual, Optional.empty()));
  }

  private static void unproven(String reason, Comparer comparer, Optional<Entry> actual) {
    assertEquals(
        new Comparison.Unproven(HOSTNAME, reason),
        comparer.compare(HOSTNAME, Optional.empty(), actual, Optional.empty()));
  }

  private static Difference differs(Comparer comparer, FactKey key, Optional<Entry> actual) {
    return assertInstanceOf(
            Comparison.Differs.class,
            comparer.compare(key, Optional.empty(), actual, Optional.empty()))
        .difference();
  }

  private static Difference differs(
      Comparer comparer, Optional<Entry> expected, Optional<Entry> actual) {
    return assertInstanceOf(
            Comparison.Differs.class,
            comparer.compare(HOSTNAME, expected, actual, Optional.empty()))
        .difference();
  }
}
