package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.patina.stack.line.LineState.HostVerdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineVerdictTest {
  @Test
  void theFirstHostThatHasBeenComparedCounts() {
    String body =
        """
        {"items":[
          {"name":"a","verdict":"unbaselined","sentence":"a has no baseline."},
          {"name":"b","verdict":"drifting","sentence":"b drifts.","recommendation":"observe",
           "reasons":["/etc/motd was edited"]}]}
        """;
    assertEquals(
        Optional.of(
            new HostVerdict(
                "b", "drifting", "b drifts.", "observe", List.of("/etc/motd was edited"))),
        EngineVerdict.parse(body));
  }

  @Test
  void noHostYetOrAnAnswerOfAnotherKindIsNoVerdict() {
    assertEquals(Optional.empty(), EngineVerdict.parse("{\"items\":[]}"));
    assertEquals(Optional.empty(), EngineVerdict.parse("[]"));
    assertEquals(Optional.empty(), EngineVerdict.parse("<html>"));
    assertEquals(Optional.empty(), EngineVerdict.parse(""));
  }
}
