package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.patina.stack.line.LineState.HostVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineVerdictTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void whatTheEngineKnewBeforeThisStartDoesNotCount() {
    String body =
        """
        {"items":[{"name":"a","verdict":"conforming","lastSeen":"2025-12-31T23:59:59.999Z"}]}
        """;
    assertEquals(Optional.empty(), EngineVerdict.parse(body, START));
  }

  @Test
  void theFirstHostThatHasBeenComparedCounts() {
    String body =
        """
        {"items":[
          {"name":"a","verdict":"unbaselined","lastSeen":"2026-01-01T00:00:01Z"},
          {"name":"b","lastSeen":"2026-01-01T00:00:00.000001Z","verdict":"drifting","sentence":"b drifts.","recommendation":"observe",
           "reasons":["/etc/motd was edited"]}]}
        """;
    assertEquals(
        Optional.of(
            new HostVerdict(
                "b", "drifting", "b drifts.", "observe", List.of("/etc/motd was edited"))),
        EngineVerdict.parse(body, START));
  }

  @Test
  void noHostYetOrAnAnswerOfAnotherKindIsNoVerdict() {
    assertEquals(Optional.empty(), EngineVerdict.parse("{\"items\":[]}", START));
    assertEquals(Optional.empty(), EngineVerdict.parse("[]", START));
    assertEquals(Optional.empty(), EngineVerdict.parse("<html>", START));
    assertEquals(Optional.empty(), EngineVerdict.parse("", START));
  }
}
