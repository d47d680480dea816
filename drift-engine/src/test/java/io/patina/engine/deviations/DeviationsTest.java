package io.patina.engine.deviations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
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
  void aWholeComparisonGivesOnlySoManyRowsAndLiveChangesMore() {
    Deviations d = none(3);
    List<Comparison> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      many.add(differs(i, "0600"));
    }
    List<Step> steps = d.takeAll(many, key -> SINCE, at(1, false));
    assertEquals(3, steps.stream().filter(s -> s.deviation().listed()).count());
    assertEquals(7, d.unlisted());
    assertTrue(
        d.take(same(90), differs(90, "0600"), SINCE, at(2, false)).get().deviation().listed());
    assertEquals(11, d.open().size());

    // Three are repaired: there is room for others once everything is compared again.
    List<Step> after = d.takeAll(many.subList(3, 10), key -> SINCE, at(3, false));
    assertTrue(after.stream().anyMatch(s -> s instanceof Step.Opened));
    assertEquals(3, d.open().stream().filter(Deviation::listed).count());
    assertEquals(7, d.open().size());
  }
}
