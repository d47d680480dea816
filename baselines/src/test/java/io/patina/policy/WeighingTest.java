package io.patina.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.verdict.Contribution;
import io.patina.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeighingTest {

  private static final Instant T = Instant.parse("2026-11-22T12:00:00Z");

  private static final CompiledPolicy POLICY = policy();

  private static CompiledPolicy policy() {
    try {
      return CompiledPolicy.of(
          """
          name: test
          artisanal: {from: 50, grace: 10m, hysteresis: 20}
          rules:
            - {name: heavy, when: 'key.startsWith("/heavy")', severity: high, weight: 30, atMost: 60}
            - {name: tolerated, when: 'key.startsWith("/tolerated")', severity: low, weight: 50, tolerance: 1h}
            - {name: growing, when: 'key.startsWith("/growing")', severity: low, weight: 'age > duration("2h") ? 50 : 1'}
            - {name: light, severity: low, weight: 5, atMost: 15}
          """);
    } catch (InvalidPolicyException e) {
      throw new AssertionError(e);
    }
  }

  private static Weighed deviation(String path, Instant onset, Instant now) {
    Difference d =
        new Difference(
            new FactKey("file", ByteString.copyFromUtf8(path)),
            Difference.Kind.UNEXPECTED,
            Attributes.NONE,
            new Attributes.Builder().text(Attributes.MODE, "0755").build());
    Answer a =
        POLICY.answer(new Weighable(d, "unpackaged", Duration.between(onset, now), Map.of()));
    return new Weighed(d, a, onset.plus(a.tolerance()), onset);
  }

  private static Weighing at(Instant now, boolean was, Map<String, Instant> onsets) {
    return Weighing.of(
        POLICY,
        onsets.entrySet().stream().map(e -> deviation(e.getKey(), e.getValue(), now)).toList(),
        was,
        now);
  }

  @Test
  void theBreakdownSaysWhichGroupsAddWhat() {
    Weighing w =
        at(
            T,
            false,
            Map.of("/heavy/1", T, "/heavy/2", T, "/heavy/3", T, "/light/1", T, "/light/2", T));
    assertEquals(70, w.assessment().score());
    List<String> lines = new ArrayList<>();
    for (Contribution c : w.assessment().breakdown()) {
      lines.add(
          c.group()
              + " "
              + c.severity().wireName()
              + " "
              + c.count()
              + " "
              + c.points()
              + " "
              + c.example().orElseThrow().key());
    }
    assertEquals(List.of("heavy high 3 60 file /heavy/1", "light low 2 10 file /light/1"), lines);
    assertEquals(
        w.assessment().score(),
        w.assessment().breakdown().stream().mapToInt(Contribution::points).sum());
  }

  @Test
  void itIsArtisanalOnlyWhenWhatMakesItUpHasWeighedForTheGrace() {
    Map<String, Instant> two = Map.of("/heavy/1", T, "/heavy/2", T.plusSeconds(300));
    Weighing young = at(T.plusSeconds(600), false, two);
    assertEquals(Verdict.DRIFTING, young.assessment().verdict());
    assertEquals(60, young.assessment().score());
    assertEquals(Optional.of(T.plusSeconds(900)), young.artisanalAt());
    assertEquals(Optional.of(T.plusSeconds(900)), young.again());
    assertEquals(Verdict.ARTISANAL, at(T.plusSeconds(900), false, two).assessment().verdict());
  }

  @Test
  void itEndsOnlyWhenTheScoreIsClearlyLower() {
    Instant now = T.plusSeconds(3600);
    assertEquals(Verdict.ARTISANAL, at(now, true, Map.of("/heavy/1", T)).assessment().verdict());
    assertEquals(Verdict.DRIFTING, at(now, false, Map.of("/heavy/1", T)).assessment().verdict());
    assertEquals(Verdict.DRIFTING, at(now, true, Map.of("/light/1", T)).assessment().verdict());
    assertEquals(Verdict.CONFORMING, at(now, true, Map.of()).assessment().verdict());
  }

  @Test
  void whatIsToleratedWaits() {
    Weighing w = at(T.plusSeconds(60), false, Map.of("/tolerated/1", T));
    assertEquals(Verdict.CONFORMING, w.assessment().verdict());
    assertEquals(1, w.waiting());
    assertEquals(Optional.of(T.plusSeconds(3600)), w.again());
    assertEquals(Optional.of(T.plusSeconds(4200)), w.artisanalAt());
  }

  @Test
  void timeAloneChangesAnAnswerExactlyWhenItSaid() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      Map<String, Instant> onsets = new java.util.TreeMap<>();
      String[] kinds = {"/heavy", "/tolerated", "/growing", "/light"};
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        onsets.put(kinds[random.nextInt(4)] + "/" + i, T.plusSeconds(random.nextInt(600)));
      }
      Instant now = T.plusSeconds(600);
      while (true) {
        Weighing w = at(now, false, onsets);
        Instant until = w.again().orElse(now.plusSeconds(100_000));
        Instant between =
            now.plusNanos(
                (long) (random.nextDouble() * (Duration.between(now, until).toNanos() - 1)));
        assertEquals(
            w.assessment(), at(between, false, onsets).assessment(), onsets + " at " + between);
        if (w.again().isEmpty()) {
          break;
        }
        now = until;
      }
    }
  }

  /** An open or a close of a deviation, as a report tells it. */
  private record Told(String path, Instant onset, boolean open) {}

  @Test
  void noOrderOfTellingFlapsNorChangesTheEnd() {
    Random random = new Random(20261122);
    for (int round = 0; round < 300; round++) {
      List<Told> told = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String path = (random.nextBoolean() ? "/heavy/" : "/light/") + i;
        told.add(new Told(path, T.plusSeconds(random.nextInt(60)), random.nextInt(4) != 0));
      }
      Verdict end = null;
      for (int order = 0; order < 6; order++) {
        List<Told> shuffled = new ArrayList<>(told);
        shuffled.addAll(told.subList(0, 2));
        Collections.shuffle(shuffled, random);
        List<Verdict> history = new ArrayList<>();
        Verdict last = play(shuffled, history);
        end = end == null ? last : end;
        assertEquals(end, last, "the order of " + shuffled + " changes the end");
        assertTrue(Collections.frequency(history, Verdict.ARTISANAL) <= 1, "flaps: " + history);
      }
    }
  }

  /** Tells everything within the grace and lets time go on until nothing changes. */
  private static Verdict play(List<Told> order, List<Verdict> history) {
    Map<String, Instant> open = new java.util.TreeMap<>();
    Instant now = T.plusSeconds(60);
    Verdict verdict = Verdict.CONFORMING;
    for (Told t : order) {
      now = now.plusSeconds(5);
      if (t.open()) {
        open.put(t.path(), t.onset());
      } else {
        open.remove(t.path());
      }
      verdict = note(at(now, verdict == Verdict.ARTISANAL, open), verdict, history);
    }
    Optional<Instant> again = Optional.of(now);
    while (again.isPresent()) {
      Weighing w = at(again.get(), verdict == Verdict.ARTISANAL, open);
      verdict = note(w, verdict, history);
      again = w.again();
    }
    return verdict;
  }

  private static Verdict note(Weighing w, Verdict before, List<Verdict> history) {
    Verdict now = w.assessment().verdict();
    if (now != before) {
      history.add(now);
    }
    return now;
  }
}
