package io.patina.engine.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Catalogue;
import io.patina.engine.catalogue.Waiting;
import io.patina.engine.selection.Explanation.Asked;
import io.patina.engine.selection.Explanation.Candidate;
import io.patina.engine.selection.Explanation.Named;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));
  private static final Digest OTHER_SCOPE = Digest.of(ByteString.copyFromUtf8("other"));
  private static final String HEX = "000102030405060708090a0b0c0d0e0f";

  @Test
  void eachCandidateSaysWhyItLost() {
    Catalogue catalogue =
        new Catalogue(
            7,
            List.of(
                baseline("web", Map.of("pool", "web"), List.of(), 5),
                baseline("all", Map.of(), List.of(), 0),
                baseline("db", Map.of("pool", "db"), List.of(), 9),
                baseline("site", Map.of("site", "ams"), List.of(), 9),
                baseline("scoped", Map.of(), List.of(OTHER_SCOPE), 9),
                new Baseline(
                    Digest.of(ByteString.copyFromUtf8("x")),
                    golden("other", Optional.of("ff"), Map.of(), List.of()),
                    Instant.EPOCH,
                    1000)));
    Waiting next =
        new Waiting(baseline("web-next", Map.of("pool", "web"), List.of(), 6), "approved");
    Explanation e = Explanation.of(host(Map.of("pool", "web")), catalogue, List.of(next));

    assertEquals(new Named("web", "1"), e.applies());
    assertEquals("web 1 applies, of 6 candidates.", e.sentence());
    assertEquals(1, e.forOthers());
    assertEquals("precedence 0 is below 5 of web 1", why(e, "all"));
    assertEquals("it is for pool=db; the host is pool=web", why(e, "db"));
    assertEquals("it is for site=ams; the host has no assigned label site", why(e, "site"));
    assertTrue(why(e, "scoped").startsWith("it permits other scopes than "));
    assertEquals("it selects the host, but is approved, not active", why(e, "web-next"));
  }

  @Test
  void noneIsSaidToo() {
    Explanation none = Explanation.of(host(Map.of()), Catalogue.NONE, List.of());
    assertEquals("There is no baseline that could be for this host.", none.sentence());
    Catalogue db = new Catalogue(1, List.of(baseline("db", Map.of("pool", "db"), List.of(), 1)));
    assertEquals(
        "No baseline applies, of 1 candidate.",
        Explanation.of(host(Map.of()), db, List.of()).sentence());
  }

  @Test
  void itExplainsWhatIngestSelects() {
    Random random = new Random(4);
    int applied = 0;
    for (int round = 0; round < 2000; round++) {
      List<Baseline> active = new ArrayList<>();
      int baselines = random.nextInt(6);
      for (int i = 0; i < baselines; i++) {
        List<Digest> scopes =
            random.nextBoolean() ? List.of() : List.of(random.nextBoolean() ? SCOPE : OTHER_SCOPE);
        active.add(
            new Baseline(
                Digest.of(ByteString.copyFromUtf8("b" + i)),
                golden(
                    "b" + i,
                    random.nextInt(4) == 0
                        ? Optional.of(random.nextBoolean() ? HEX : "ff")
                        : Optional.empty(),
                    labels(random),
                    scopes),
                Instant.EPOCH.plusSeconds(random.nextInt(3)),
                random.nextInt(3)));
      }
      Catalogue catalogue = new Catalogue(round, active);
      Map<String, String> labels = labels(random);
      Explanation e = Explanation.of(host(labels), catalogue, List.of());
      assertEquals(
          catalogue.select(HEX, labels, SCOPE).map(b -> b.golden().name()),
          Optional.ofNullable(e.applies()).map(Named::name));
      assertEquals(
          e.applies() == null ? 0 : 1, e.candidates().stream().filter(Candidate::applies).count());
      assertEquals(baselines, e.candidates().size() + e.forOthers());
      applied += e.applies() == null ? 0 : 1;
    }
    assertFalse(applied < 200, "only " + applied + " rounds selected one");
  }

  private static Map<String, String> labels(Random random) {
    Map<String, String> labels = new HashMap<>();
    for (String name : List.of("pool", "os")) {
      if (random.nextBoolean()) {
        labels.put(name, random.nextBoolean() ? "a" : "b");
      }
    }
    return labels;
  }

  private static String why(Explanation e, String name) {
    return e.candidates().stream()
        .filter(c -> c.name().equals(name))
        .map(Candidate::why)
        .findFirst()
        .orElse("not listed");
  }

  private static Asked host(Map<String, String> labels) {
    return new Asked(new UUID(1, 2), "host", HEX, labels, SCOPE, Optional.empty());
  }

  private static Baseline baseline(
      String name, Map<String, String> labels, List<Digest> scopes, int precedence) {
    return new Baseline(
        Digest.of(ByteString.copyFromUtf8(name)),
        golden(name, Optional.empty(), labels, scopes),
        Instant.EPOCH,
        precedence);
  }

  private static GoldenBaseline golden(
      String name, Optional<String> installation, Map<String, String> labels, List<Digest> scopes) {
    return new GoldenBaseline(
        name,
        "1",
        SCOPE,
        scopes,
        List.of(),
        List.of(),
        "pet",
        new Selector(installation, labels),
        Instant.EPOCH,
        "test");
  }
}
