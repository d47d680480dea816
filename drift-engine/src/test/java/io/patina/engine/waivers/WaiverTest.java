package io.patina.engine.waivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.engine.decisions.Extent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WaiverTest {

  private static final Instant END = Instant.parse("2026-12-25T00:00:00Z");
  private static final UUID HOST = new UUID(1, 2);

  private static Waiver waiver(Optional<Waiver.Step> approved, Optional<Waiver.Step> revoked) {
    return new Waiver(
        new UUID(0, 1),
        Pattern.of("file", "/etc/**", Optional.empty(), Optional.empty()),
        new Extent(Optional.empty(), Optional.of("web"), Map.of("role", "db")),
        "why",
        "",
        "alice",
        "alice",
        END.minusSeconds(1000),
        END,
        END.minusSeconds(100),
        approved,
        revoked);
  }

  @Test
  void itIsInForceOnceApprovedUntilItsEndOrItsRevocation() {
    Optional<Waiver.Step> step = Optional.of(new Waiver.Step("bob", END.minusSeconds(500), ""));
    Instant early = END.minusSeconds(101);
    Instant soon = END.minusSeconds(100);
    Waiver asked = waiver(Optional.empty(), Optional.empty());
    assertEquals(Waiver.State.REQUESTED, asked.state(early));
    assertEquals(Waiver.State.EXPIRED, asked.state(END));
    assertFalse(asked.isInForce(early));
    Waiver approved = waiver(step, Optional.empty());
    assertEquals(Waiver.State.IN_FORCE, approved.state(early));
    assertEquals(Waiver.State.EXPIRING, approved.state(soon));
    assertTrue(approved.isInForce(END.minusNanos(1)));
    assertFalse(approved.isInForce(END));
    assertEquals(Waiver.State.REVOKED, waiver(step, step).state(early));
    assertFalse(waiver(step, step).isInForce(early));
  }

  @Test
  void aPatternGoesByFacetKeyAndContent() {
    String digest = "ab".repeat(32);
    Pattern p = Pattern.of("file", "/etc/*.conf", Optional.empty(), Optional.of(digest));
    ByteString key = ByteString.copyFromUtf8("/etc/a.conf");
    assertTrue(p.matches("file", key, Optional.empty(), Optional.of(digest)));
    assertFalse(p.matches("file", key, Optional.empty(), Optional.of("cd".repeat(32))));
    assertFalse(p.matches("file", key, Optional.of(digest), Optional.empty()));
    assertFalse(p.matches("unit", key, Optional.empty(), Optional.of(digest)));
    assertFalse(
        p.matches(
            "file",
            ByteString.copyFromUtf8("/etc/a/b.conf"),
            Optional.empty(),
            Optional.of(digest)));
    for (String[] bad :
        new String[][] {{"files", "/etc/*", digest}, {"file", "", digest}, {"file", "/a", "AB"}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Pattern.of(bad[0], bad[1], Optional.empty(), Optional.of(bad[2])));
    }
  }

  @Test
  void hostsMustBeAllThatIsStated() {
    Extent extent = new Extent(Optional.of(HOST), Optional.of("web"), Map.of("role", "db"));
    assertTrue(extent.covers(HOST, "web", Map.of("role", "db", "zone", "a")));
    assertFalse(extent.covers(new UUID(1, 3), "web", Map.of("role", "db")));
    assertFalse(extent.covers(HOST, "db", Map.of("role", "db")));
    assertFalse(extent.covers(HOST, "web", Map.of("role", "web")));
    assertFalse(extent.covers(HOST, "web", Map.of()));
  }
}
