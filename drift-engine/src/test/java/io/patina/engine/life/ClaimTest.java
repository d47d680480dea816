package io.patina.engine.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimTest {

  private static final Claim WEB = claim("web", Map.of("pool", "web"), 1);

  @Test
  void rivalsAreThoseBetweenWhichNothingDecides() {
    assertTrue(WEB.rivals(claim("other", Map.of("pool", "web"), 1)));
    assertTrue(WEB.rivals(claim("debian", Map.of("os", "debian"), 1)), "a host may have both");
    assertFalse(WEB.rivals(claim("db", Map.of("pool", "db"), 1)), "no host has two pools");
    assertFalse(WEB.rivals(claim("debian", Map.of("os", "debian"), 2)), "precedence decides");
    assertFalse(WEB.rivals(claim("web", Map.of("pool", "web"), 1)), "a version of the same");
  }

  @Test
  void installationsAndScopesKeepApart() {
    Claim one = new Claim("a", "1", Optional.of("01"), Map.of(), Set.of(), 1000);
    assertFalse(one.rivals(new Claim("b", "1", Optional.of("02"), Map.of(), Set.of(), 1000)));
    assertTrue(one.rivals(new Claim("b", "1", Optional.of("01"), Map.of(), Set.of("s"), 1000)));
    assertTrue(one.rivals(new Claim("b", "1", Optional.empty(), Map.of(), Set.of(), 1000)));
    Claim s = new Claim("a", "1", Optional.empty(), Map.of(), Set.of("s", "t"), 0);
    assertFalse(s.rivals(new Claim("b", "1", Optional.empty(), Map.of(), Set.of("u"), 0)));
    assertTrue(s.rivals(new Claim("b", "1", Optional.empty(), Map.of(), Set.of("t"), 0)));
  }

  @Test
  void rivalryIsMutual() {
    List<Claim> claims =
        List.of(
            WEB,
            claim("db", Map.of("pool", "db"), 1),
            claim("debian", Map.of("os", "debian"), 1),
            claim("all", Map.of(), 1),
            new Claim("one", "1", Optional.of("01"), Map.of(), Set.of("s"), 1));
    for (Claim a : claims) {
      for (Claim b : claims) {
        assertEquals(a.rivals(b), b.rivals(a), a + " " + b);
      }
    }
  }

  @Test
  void theAuthorIsRecognisedByNameAndAddress() {
    String author = "Alice Example <Alice@example.org>";
    assertTrue(FourEyes.same(author, Optional.empty(), "alice@example.org"));
    assertTrue(FourEyes.same("alice", Optional.empty(), " ALICE "));
    assertTrue(FourEyes.same("image-pipeline", Optional.of("bob"), "bob"), "who handed it in");
    assertFalse(FourEyes.same(author, Optional.of("carol"), "bob"));
  }

  private static Claim claim(String name, Map<String, String> labels, int precedence) {
    return new Claim(name, "1", Optional.empty(), labels, Set.of(), precedence);
  }
}
