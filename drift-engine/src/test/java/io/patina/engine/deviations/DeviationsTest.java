package io.patina.engine.deviations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.comparison.DriftSignature;
import io.patina.engine.Configured;
import io.patina.engine.state.OverlayValue;
import io.patina.engine.state.Since;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeviationsTest {

  private static final CauseRules RULES =
      new CauseRules(Configured.with(CauseConfig.class, Map.of()));
  private static final UUID INSTALLATION = new UUID(1, 2);
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Since SINCE = new Since(NOW.minusSeconds(9), NOW.minusSeconds(5));

  private static Circumstances at(int sequence, boolean becauseOfBaseline) {
    return new Circumstances(
        Digest.of(ByteString.copyFromUtf8("baseline")),
        Circumstances.report(new UUID(3, 4), sequence),
        NOW.plusSeconds(sequence),
        NOW.plusSeconds(sequence + 30L),
        false,
        becauseOfBaseline);
  }

  /** What is found now need not settle. */
  private static Circumstances settled(int sequence) {
    return new Circumstances(
        Digest.of(ByteString.copyFromUtf8("baseline")),
        Circumstances.report(new UUID(3, 4), sequence),
        NOW.plusSeconds(sequence),
        NOW.plusSeconds(sequence),
        false,
        false);
  }

  private static FactKey key(int i) {
    return FactKey.of(Facet.FILE, String.format("/f%05d", i));
  }

  private static Comparison differs(int i, String actual) {
    return new Comparison.Differs(
        new Difference(
            key(i),
            Difference.Kind.CHANGED,
            new Attributes.Builder().text("mode", "0644").build(),
            new Attributes.Builder().text("mode", actual).build()));
  }

  private static Comparison same(int i) {
    return new Comparison.Same(key(i));
  }

  private static Deviations none(int mostListed) {
    return new Deviations(INSTALLATION, List.of(), 0, mostListed, RULES);
  }

  @Test
  void anIntervalOpensChangesAndCloses() {
    Deviations d = none(10);
    var opened =
        assertInstanceOf(
            Step.Opened.class, d.take(same(1), differs(1, "0600"), SINCE, at(1, false)).get());
    assertEquals(SINCE, opened.deviation().onset());
    assertTrue(d.signature().isPresent());
    assertEquals(
        Optional.empty(), d.take(differs(1, "0600"), differs(1, "0600"), SINCE, at(2, false)));
    var changed =
        assertInstanceOf(
            Step.Changed.class,
            d.take(differs(1, "0600"), differs(1, "0777"), SINCE, at(3, false)).get());
    assertEquals(opened.deviation().id(), changed.deviation().id());
    assertEquals(1, changed.deviation().changes());
    Since end = Since.exactly(NOW);
    var closed =
        assertInstanceOf(
            Step.Closed.class, d.take(differs(1, "0777"), same(1), end, at(4, false)).get());
    assertEquals(end, closed.end());
    assertEquals(Optional.empty(), d.signature());
  }

  @Test
  void theSameHappeningHasTheSameNameAndAnotherAnother() {
    var first = none(10).take(same(1), differs(1, "0600"), SINCE, at(1, false)).get();
    var again = none(10).take(same(1), differs(1, "0600"), SINCE, at(1, false)).get();
    var later = none(10).take(same(1), differs(1, "0600"), SINCE, at(2, false)).get();
    assertEquals(first.deviation().id(), again.deviation().id());
    assertTrue(!first.deviation().id().equals(later.deviation().id()));
  }

  @Test
  void aGapIsNeitherAnEndNorABeginning() {
    Deviations d = none(10);
    assertTrue(d.take(same(1), differs(1, "0600"), SINCE, at(1, false)).isPresent());
    Comparison gap = new Comparison.Unproven(key(1), "permission");
    assertEquals(Optional.empty(), d.take(differs(1, "0600"), gap, SINCE, at(2, false)));
    assertEquals(1, d.open().size());
    assertEquals(1, d.unproven());
    assertTrue(d.take(gap, same(1), SINCE, at(3, false)).isPresent());
    assertEquals(0, d.unproven());
  }

  @Test
  void aKeyThatLeftScopeIsNoLongerObservedNotRepaired() {
    Deviations d = none(10);
    assertTrue(d.take(same(1), differs(1, "0600"), SINCE, at(1, false)).isPresent());
    var closed =
        assertInstanceOf(
            Step.Closed.class,
            d.take(
                    differs(1, "0600"),
                    new Comparison.Unproven(key(1), OverlayValue.OUT_OF_SCOPE),
                    SINCE,
                    at(2, false))
                .get());
    assertEquals(Cause.NO_LONGER_OBSERVED, closed.why());
  }

  @Test
  void anotherBaselineBeginsAndEndsDeviationsWhenItWasApproved() {
    Deviations d = none(10);
    assertTrue(d.take(same(1), differs(1, "0600"), SINCE, at(1, false)).isPresent());
    List<Step> steps = d.takeAll(List.of(differs(2, "0600")), key -> SINCE, at(2, true));
    var opened = assertInstanceOf(Step.Opened.class, steps.getLast());
    assertEquals(Since.exactly(NOW.plusSeconds(2)), opened.deviation().onset());
    assertEquals(SINCE, opened.factSince());
    var closed = assertInstanceOf(Step.Closed.class, steps.getFirst());
    assertEquals(Cause.BASELINE_CHANGED, closed.why());
  }

  @Test
  void aWholeComparisonGivesEachARowOrNoneAndLiveChangesHaveOne() {
    Deviations d = none(3);
    List<Step> steps = d.takeAll(many(0, 10), key -> SINCE, at(1, false));
    assertEquals(0, steps.stream().filter(s -> s.deviation().listed()).count());
    assertEquals(10, d.unlisted());
    assertTrue(
        d.take(same(90), differs(90, "0600"), SINCE, at(2, false)).get().deviation().listed());
    assertEquals(11, d.open().size());

    // All but three are repaired: there is room for rows, with the onsets that there were.
    List<Step> after = d.takeAll(many(7, 10), key -> SINCE, at(3, false));
    assertEquals(3, d.listedNow().size());
    assertEquals(8, after.size());
    assertTrue(after.stream().allMatch(s -> s instanceof Step.Closed));
    assertEquals(3, d.open().size());
    assertTrue(d.open().stream().allMatch(o -> o.listed() && o.onset().equals(SINCE)));
  }

  @Test
  void manyAreOneSetForAllHostsThatHaveThemAndEachKeepsItsOnset() {
    SharedSet one = shared(1, 0, 200);
    SharedSet other = shared(2, 0, 200);
    assertEquals(one.set.id(), other.set.id());
    assertEquals(200, one.of.shared());
    assertInstanceOf(ShareStep.Began.class, one.of.shareSteps().getFirst());
    assertTrue(one.of.open().stream().allMatch(d -> d.onset().equals(SINCE)));

    // A host that lacks some of them and has some of its own is in the same set.
    Deviations near = none(3);
    var unused = near.takeAll(many(5, 203), key -> SINCE, settled(1));
    near.share(one.set, near.loose().getFirst(), key -> SINCE, settled(1));
    assertEquals(195, near.shared());
    assertSignatureOfWhatIsOpen(near);
    assertEquals(195, near.shared(near.open().iterator().next().group()));
    near.listRest(key -> SINCE, settled(1));
    assertEquals(3, near.listedNow().size());
    assertEquals(195, near.unlisted());
    assertEquals(198, near.open().size());
  }

  @Test
  void whatIsInNoSetHasRowsAsLongAsThereIsRoomAndFewOfAKindAreNotLost() {
    Deviations d = none(50);
    List<Comparison> found = new ArrayList<>(many(0, 200));
    for (int n = 0; n < 12; n++) {
      // Of another cause, and so of another group.
      found.add(
          new Comparison.Differs(
              new Difference(
                  FactKey.of(Facet.FILE, "/z" + n),
                  Difference.Kind.UNEXPECTED,
                  new Attributes.Builder().build(),
                  new Attributes.Builder().text("mode", "0644").build())));
    }
    assertEquals(212, d.takeAll(found, key -> SINCE, settled(1)).size());
    assertEquals(1, d.loose().size());
    d.listRest(key -> SINCE, settled(1));
    List<Step> rows = d.listedNow();
    assertEquals(50, rows.size());
    assertEquals(12, rows.stream().filter(s -> s.deviation().cause() == Cause.UNPACKAGED).count());
    // What there is no room for is counted, and not looked into again and again.
    assertEquals(162, d.unlisted());
    assertEquals(List.of(), d.loose());
  }

  @Test
  void aClockThatIsSlowDoesNotMakeAFactCalm() {
    Deviations d = none(10);
    for (int n = 1; n <= 30; n++) {
      Comparison was = n % 2 == 0 ? differs(1, "0" + (n - 1)) : same(1);
      Comparison is = n % 2 == 0 ? same(1) : differs(1, "0" + n);
      // Two hours and more behind the broker.
      var unused = d.take(was, is, minute(n - 130), at(60 * n, false));
    }
    Deviation open = d.open().iterator().next();
    assertTrue(open.unrest().isVolatile());
    assertEquals(minute(30).latest(), open.unrest().last());
    assertEquals(List.of(), d.calm(minute(30).latest().plusSeconds(60)));
    var closed =
        assertInstanceOf(
            Step.Closed.class, d.calmed(same(1), minute(-100), at(9999, false)).orElseThrow());
    assertEquals(minute(-100), closed.end());
  }

  @Test
  void aMemberThatGoesItsOwnWayGetsARowWithTheOnsetOfItsSet() {
    SharedSet one = shared(1, 0, 200);
    var began = one.of.shareSteps();
    assertEquals(1, began.size());
    Since repaired = Since.exactly(NOW.plusSeconds(50));
    Step step = one.of.take(differs(7, "0600"), same(7), repaired, at(60, false)).get();
    assertInstanceOf(Step.Closed.class, step);
    Step.Listed row = assertInstanceOf(Step.Listed.class, one.of.listedNow().getFirst());
    assertEquals(SINCE, row.deviation().onset());
    assertEquals(row.deviation().id(), step.deviation().id());
    assertTrue(step.deviation().listed());
    assertInstanceOf(ShareStep.Shrank.class, one.of.shareSteps().getFirst());
    assertEquals(199, one.of.open().size());
    assertEquals(199, one.of.shared());
    assertSignatureOfWhatIsOpen(one.of);

    // The same again changes nothing, something else gives it a row.
    assertEquals(
        Optional.empty(),
        one.of.take(differs(8, "0600"), differs(8, "0600"), SINCE, at(70, false)));
    Step changed =
        one.of.take(differs(8, "0600"), differs(8, "0755"), repaired, at(80, false)).get();
    assertInstanceOf(Step.Changed.class, changed);
    assertEquals(SINCE, changed.deviation().onset());
    assertSignatureOfWhatIsOpen(one.of);
  }

  /** However it came about, and whatever of it is in sets. */
  private static void assertSignatureOfWhatIsOpen(Deviations d) {
    DriftSignature signature = new DriftSignature();
    d.open().forEach(o -> signature.open(o.difference()));
    assertEquals(signature.value(), d.signature());
  }

  @Test
  void aRepairOfAllEndsTheSetAndOfSomeLetsTheRestGoOnInAnother() {
    SharedSet all = shared(1, 0, 200);
    var began = all.of.shareSteps();
    assertEquals(200, all.of.takeAll(List.of(), key -> SINCE, at(9, false)).size());
    var ended = assertInstanceOf(ShareStep.Ended.class, all.of.shareSteps().getFirst());
    assertEquals(began.getFirst().share(), ended.share());
    assertEquals(false, ended.continued());
    assertEquals(0, all.of.shared());

    SharedSet some = shared(2, 0, 300);
    var first = some.of.shareSteps();
    assertEquals(1, first.size());
    assertEquals(150, some.of.takeAll(many(150, 300), key -> SINCE, at(9, false)).size());
    var part = assertInstanceOf(ShareStep.Ended.class, some.of.shareSteps().getFirst());
    assertTrue(part.continued());
    List<Deviation> rest = some.of.loose().getFirst();
    assertEquals(150, rest.size());
    assertSignatureOfWhatIsOpen(some.of);
    assertTrue(rest.stream().allMatch(d -> d.onset().equals(SINCE)));
  }

  @Test
  void whatChangesAllTheTimeIsOneIntervalThatIsToldOnce() {
    Deviations d = none(10);
    List<Step> told = new ArrayList<>();
    for (int n = 1; n <= 40; n++) {
      // Otherwise than expected in every other minute.
      Comparison was = n % 2 == 0 ? differs(1, "0" + (n - 1)) : same(1);
      Comparison is = n % 2 == 0 ? same(1) : differs(1, "0" + n);
      d.take(was, is, minute(n), at(60 * n, false)).ifPresent(told::add);
    }
    Step.Restless became =
        told.stream()
            .filter(Step.Restless.class::isInstance)
            .map(Step.Restless.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(Step.Restless.Turn.BECAME, became.what());
    assertEquals(20, became.deviation().unrest().changes());
    List<Step> after = told.subList(told.indexOf(became) + 1, told.size());
    assertTrue(
        after.stream()
            .allMatch(s -> s instanceof Step.Restless r && r.what() == Step.Restless.Turn.WENT_ON));
    Deviation open = d.open().iterator().next();
    assertEquals(20 + after.size(), open.unrest().changes());
    assertEquals(minute(40).latest(), open.unrest().last());
    assertTrue(open.unrest().asExpected());
    assertEquals(became.deviation().id(), open.id());

    Instant calm = minute(40).latest().plusSeconds(7200);
    assertEquals(List.of(), d.calm(calm.minusSeconds(1)));
    assertEquals(List.of(key(1)), d.calm(calm));
    var closed =
        assertInstanceOf(
            Step.Closed.class, d.calmed(same(1), minute(40), at(99_999, false)).orElseThrow());
    assertEquals(minute(40), closed.end());
    assertEquals(0, d.open().size());
  }

  @Test
  void aFewChangesFarApartAreNoUnrest() {
    Unrest.Rules rules =
        new Unrest.Rules(3, java.time.Duration.ofHours(1), java.time.Duration.ofHours(2));
    Unrest once = Unrest.NONE.changed(NOW, false, rules);
    assertEquals(1, once.changes());
    Unrest later = once.changed(NOW.plusSeconds(3601), false, rules);
    assertEquals(1, later.changes());
    Unrest twice = later.changed(NOW.plusSeconds(3700), true, rules);
    assertTrue(!twice.isVolatile());
    assertTrue(!twice.reopened(NOW.plusSeconds(3800), rules).isVolatile());
    assertTrue(twice.changed(NOW.plusSeconds(3800), true, rules).isVolatile());
  }

  private static Since minute(int n) {
    return Since.exactly(NOW.plusSeconds(60L * n));
  }

  private record SharedSet(Deviations of, DriftSet set) {}

  private static SharedSet shared(int host, int from, int to) {
    Deviations d = new Deviations(new java.util.UUID(0, host), List.of(), 0, 3, RULES);
    var unused = d.takeAll(many(from, to), key -> SINCE, settled(1));
    List<Deviation> loose = d.loose().getFirst();
    DriftSet set = DriftSet.of(at(1, false).baseline(), loose);
    d.share(set, loose, key -> SINCE, settled(1));
    return new SharedSet(d, set);
  }

  private static List<Comparison> many(int from, int to) {
    List<Comparison> many = new ArrayList<>();
    for (int i = from; i < to; i++) {
      many.add(differs(i, "0600"));
    }
    return many;
  }

  private static WrittenBy by(String command, String unit, String... ancestors) {
    return WrittenBy.of(
        io.patina.wire.v1.Writer.newBuilder()
            .setPid(7)
            .setCommand(ByteString.copyFromUtf8(command))
            .setUnit(unit)
            .addAllAncestors(
                java.util.Arrays.stream(ancestors).map(ByteString::copyFromUtf8).toList())
            .build());
  }

  private static Circumstances by(int sequence, FactKey key, WrittenBy writer) {
    Circumstances c = at(sequence, false);
    return new Circumstances(
        c.baseline(),
        c.origin(),
        c.observedAt(),
        c.settlesAt(),
        false,
        false,
        Map.of(key, writer),
        Set.of());
  }

  private static Comparison named(Facet facet, String name, String attribute) {
    return new Comparison.Differs(
        new Difference(
            FactKey.of(facet, name),
            Difference.Kind.CHANGED,
            new Attributes.Builder().text(attribute, "as ordered").build(),
            new Attributes.Builder().text(attribute, "other").build()));
  }

  @Test
  void whatHasNoRowKeepsNoWriterAndYetWhatHeDecided() {
    Deviations d = none(0);
    WrittenBy ansible = by("ansible-playbook", "session-3.scope", "bash");
    for (int i = 0; i < 1001; i++) {
      assertTrue(d.take(same(i), differs(i, "0600"), SINCE, by(1, key(i), ansible)).isPresent());
    }
    Deviation unlisted = d.open().stream().filter(o -> !o.listed()).findFirst().orElseThrow();
    assertEquals(Cause.CONFIG_MANAGEMENT, unlisted.cause());
    assertEquals(Optional.empty(), unlisted.evidence().writer());
    d.explain(NOW.plusSeconds(600), at(600, false));
    assertTrue(d.open().stream().allMatch(o -> o.cause() == Cause.CONFIG_MANAGEMENT));
    assertEquals(1, d.tell().size(), "with and without rows they are one group");
  }

  @Test
  void aUnitGoesToWhoeverWroteItsFile() {
    Deviations d = none(10);
    String dropIn = "/etc/systemd/system/x.service.d/limits.conf";
    Comparison file = named(Facet.FILE, dropIn, "sha");
    Comparison unit = named(Facet.UNIT, "x.service", "dropins");
    Comparison stranger = named(Facet.UNIT, "y.service", "dropins");
    assertTrue(
        d.take(
                new Comparison.Same(file.key()),
                file,
                SINCE,
                by(1, file.key(), by("sh", "session-3.scope", "bash")))
            .isPresent());
    for (Comparison each : List.of(unit, stranger)) {
      assertTrue(d.take(new Comparison.Same(each.key()), each, SINCE, at(2, false)).isPresent());
    }
    List<Step> steps = d.explain(NOW.plusSeconds(600), at(600, false));
    assertEquals(3, steps.size());
    List<String> groups =
        d.tell().stream().map(g -> g.evidence().actor() + " " + g.deviations()).sorted().toList();
    assertEquals(List.of(" 1", "session-3.scope 2"), groups);
  }

  private static Circumstances inTransaction(Circumstances c) {
    return new Circumstances(
        c.baseline(),
        c.origin(),
        c.observedAt(),
        c.settlesAt(),
        true,
        false,
        c.writers(),
        c.updated());
  }

  @Test
  void aUnitGoesToWhoeverWroteItsFileEvenWhilePackagesChange() {
    Deviations d = none(10);
    Comparison upgraded = named(Facet.PACKAGE, "dpkg:x:amd64", "version");
    Comparison dropIn = named(Facet.FILE, "/etc/systemd/system/x.service.d/limits.conf", "sha");
    Comparison unit = named(Facet.UNIT, "x.service", "dropins");
    Comparison stranger = named(Facet.UNIT, "y.service", "dropins");
    for (Comparison each : List.of(upgraded, unit, stranger)) {
      Circumstances c = inTransaction(at(2, false));
      assertTrue(d.take(new Comparison.Same(each.key()), each, SINCE, c).isPresent());
    }
    // Told of last: the unit must not depend on who of them is explained first.
    Circumstances c = inTransaction(by(3, dropIn.key(), by("sh", "session-3.scope", "bash")));
    assertTrue(d.take(new Comparison.Same(dropIn.key()), dropIn, SINCE, c).isPresent());
    assertEquals(4, d.explain(NOW.plusSeconds(600), at(600, false)).size());
    List<String> groups =
        d.tell().stream()
            .map(
                g ->
                    g.evidence().cause().wireName()
                        + " by "
                        + g.evidence().actor()
                        + ": "
                        + g.deviations())
            .sorted()
            .toList();
    assertEquals(List.of("package-update by : 2", "unit-override by session-3.scope: 2"), groups);
  }

  @Test
  void whatHasBeenToldIsWhatTheTableSaysAndNotAGuess() {
    Deviations d = none(10);
    assertTrue(d.take(same(1), differs(1, "0600"), SINCE, at(1, false)).isPresent());
    assertEquals(1, d.explain(NOW.plusSeconds(600), at(600, false)).size());
    List<Deviation> rows = List.copyOf(d.open());
    Deviations untold = new Deviations(INSTALLATION, rows, 0, 10, RULES);
    assertEquals(1, untold.tell().size(), "an engine ended before it had told");
    Deviations told = new Deviations(INSTALLATION, rows, 0, 10, RULES);
    told.told(Set.of(java.util.Objects.requireNonNull(rows.getFirst().group())));
    assertEquals(List.of(), told.tell());
  }
}
