package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.stack.line.LineState.HostVerdict;
import io.patina.stack.line.LineState.PartState;
import io.patina.stack.line.LineState.Phase;
import io.patina.stack.line.LineState.Step;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataDirectory data = new DataDirectory(Path.of("/srv/line"));

  @Test
  void outsideATerminalEveryStepIsOnePlainLine() {
    Screen screen = screen(false);
    screen.show(state(Phase.STARTING, Step.STARTING, null));
    screen.show(state(Phase.STARTING, Step.STARTING, null));
    screen.show(state(Phase.STARTING, Step.READY, null));
    assertEquals("broker     starting\nbroker     ready\n", printed());
  }

  @Test
  void whatHappenedFirstIsPrintedFirst() {
    Screen screen = screen(false);
    screen.show(
        new LineState(
            Phase.STOPPING,
            "http://127.0.0.1:1/",
            "2026-01-01T00:00:00Z",
            List.of(
                new PartState("database", Step.STOPPED, 0, "2026-01-01T00:00:02Z", ""),
                new PartState("broker", Step.STOPPED, 0, "2026-01-01T00:00:01Z", "")),
            null,
            List.of()));
    assertEquals("broker     stopped\ndatabase   stopped\n", printed());
  }

  @Test
  void theAddressIsToldOnceAndBeforeTheVerdict() {
    Screen screen = screen(false);
    screen.show(state(Phase.WAITING, Step.READY, null));
    HostVerdict verdict =
        new HostVerdict("h", "drifting", "h \u001b[2Jdrifts.", "observe", List.of("one", "two"));
    screen.show(state(Phase.RUNNING, Step.READY, verdict));
    screen.show(state(Phase.RUNNING, Step.READY, verdict));
    assertEquals(
        """
        broker     ready

        Page  http://127.0.0.1:1/
        Data  /srv/line
        Logs  /srv/line/logs
        Stop  ./patina down --data '/srv/line'

        waiting for the first verdict of this host
        h ?[2Jdrifts.
          - one
          - two
        Recommendation: observe
        """,
        printed());
  }

  @Test
  void onATerminalTheLinesAreDrawnOver() {
    Screen screen = screen(true);
    screen.show(state(Phase.STARTING, Step.STARTING, null));
    screen.show(state(Phase.STARTING, Step.READY, null));
    assertTrue(printed().contains("\u001b[1A"));
    assertFalse(printed().endsWith("\u001b[J"));
  }

  @Test
  void aNoticeIsToldOnce() {
    Screen screen = screen(false);
    LineState state =
        new LineState(Phase.RUNNING, "p", "s", List.of(), null, List.of("broker died"));
    screen.show(state);
    screen.show(state);
    assertEquals(1, printed().split("broker died", -1).length - 1);
  }

  private Screen screen(boolean terminal) {
    return new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, data);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static LineState state(Phase phase, Step step, @Nullable HostVerdict verdict) {
    return new LineState(
        phase,
        "http://127.0.0.1:1/",
        "2026-01-01T00:00:00Z",
        List.of(new PartState("broker", step, 1, "2026-01-01T00:00:00Z", "")),
        verdict,
        List.of());
  }
}
