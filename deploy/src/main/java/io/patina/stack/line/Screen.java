package io.patina.stack.line;

import io.patina.stack.line.LineState.HostVerdict;
import io.patina.stack.line.LineState.PartState;
import io.patina.stack.line.LineState.Phase;
import io.patina.stack.line.LineState.Step;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Draws the states of a line: on a terminal one line per part that changes in place, elsewhere one
 * plain line per step. Not thread-safe.
 */
final class Screen {
  private static final int WIDEST_DETAIL = 60;

  private final PrintStream out;
  private final boolean terminal;
  private final DataDirectory data;
  private final Map<String, String> printed = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private int drawn;
  private boolean announced;
  private boolean judged;

  /**
   * Draws on a stream.
   *
   * @param terminal whether the stream can move its cursor
   */
  Screen(PrintStream out, boolean terminal, DataDirectory data) {
    this.out = out;
    this.terminal = terminal;
    this.data = data;
  }

  /** Whether standard output is a terminal; the launcher knows and says so. */
  static boolean isTerminal() {
    return "1".equals(System.getenv("PATINA_TERMINAL"));
  }

  /** Takes a state's notices as read. */
  void skipNotices(LineState state) {
    told.addAll(state.notices());
  }

  /** Shows what is new in a state. */
  void show(LineState state) {
    erase();
    for (String notice : state.notices()) {
      if (told.add(notice)) {
        out.println(notice);
      }
    }
    progress(state);
    if (!announced && (state.phase() == Phase.WAITING || state.phase() == Phase.RUNNING)) {
      announce(state);
      progress(state);
    }
    HostVerdict verdict = state.verdict();
    if (verdict != null && !judged) {
      judged = true;
      tell(verdict);
    }
    out.flush();
  }

  private void progress(LineState state) {
    if (terminal) {
      draw(state);
    } else {
      append(state);
    }
  }

  private void erase() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\r\u001b[J");
      drawn = 0;
    }
  }

  private void draw(LineState state) {
    boolean up = state.phase() == Phase.WAITING || state.phase() == Phase.RUNNING;
    for (PartState part : state.parts()) {
      // Once the line is up, only what is not well deserves a line.
      if (!announced || !up || part.step() != Step.READY) {
        out.println("  " + mark(part.step()) + " " + line(part));
        drawn++;
      }
    }
    if (announced && state.phase() == Phase.WAITING) {
      out.println("  waiting for the first verdict of this host");
      drawn++;
    }
    boolean last = state.phase() == Phase.STOPPED || state.phase() == Phase.FAILED;
    if (last || (up && !announced)) {
      drawn = 0;
    }
  }

  private void append(LineState state) {
    // Of what has happened since the last look the earlier first, whatever the order of the parts.
    List<PartState> byTime =
        state.parts().stream().sorted(Comparator.comparing(PartState::since)).toList();
    for (PartState part : byTime) {
      String step = word(part.step());
      if (part.step() != Step.WAITING && !step.equals(printed.put(part.name(), step))) {
        out.println(line(part));
      }
    }
    if (announced && state.phase() == Phase.WAITING && told.add("waiting")) {
      out.println("waiting for the first verdict of this host");
    }
  }

  private void announce(LineState state) {
    announced = true;
    out.println();
    out.println("Page  " + state.page());
    out.println("Data  " + data.root());
    out.println("Logs  " + data.logs());
    out.println("Stop  " + Line.command("down", data));
    out.println();
  }

  private void tell(HostVerdict verdict) {
    out.println(Text.printable(verdict.sentence()));
    for (String reason : verdict.reasons()) {
      out.println("  - " + Text.printable(reason));
    }
    if (!verdict.recommendation().isEmpty()) {
      out.println("Recommendation: " + Text.printable(verdict.recommendation()));
    }
  }

  private static String line(PartState part) {
    String detail = Text.printable(part.detail());
    if (detail.length() > WIDEST_DETAIL) {
      detail = detail.substring(0, WIDEST_DETAIL - 1) + "…";
    }
    return String.format(Locale.ROOT, "%-10s %-9s %s", part.name(), word(part.step()), detail)
        .stripTrailing();
  }

  private static String mark(Step step) {
    return switch (step) {
      case READY -> "\u001b[32m●\u001b[0m";
      case PREPARING, STARTING, STOPPING -> "\u001b[33m◐\u001b[0m";
      case DIED, GIVEN_UP -> "\u001b[31m✗\u001b[0m";
      case WAITING, STOPPED -> "○";
    };
  }

  /** One word for a step. */
  static String word(Step step) {
    return switch (step) {
      case WAITING -> "waiting";
      case PREPARING -> "preparing";
      case STARTING -> "starting";
      case READY -> "ready";
      case DIED -> "died";
      case GIVEN_UP -> "failed";
      case STOPPING -> "stopping";
      case STOPPED -> "stopped";
    };
  }

  /** The names of a line's steps that mean that a process should be there. */
  static List<Step> alive() {
    return List.of(Step.STARTING, Step.READY, Step.STOPPING);
  }
}
