package io.patina.engine.pages;

import io.patina.engine.rollout.Progress;
import io.patina.engine.rollout.RolloutView;
import io.patina.facts.Escaped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rollout on the page of its baseline.
 *
 * @param commands what the caller may do now; empty if nothing
 */
record RolloutPart(
    String state,
    String sentence,
    List<WaveRow> waves,
    @Nullable String may,
    List<String> commands) {

  private static final int WIDTH = 1000;

  /**
   * One wave.
   *
   * @param bar on the new version, between, on the old one, not seen
   * @param spoken the same in words
   */
  record WaveRow(
      String name,
      String which,
      String reached,
      List<Share> bar,
      String spoken,
      String onNew,
      String between,
      String onOld,
      @Nullable String late,
      Words.@Nullable Time deadline,
      String within) {}

  /** A part of a bar. */
  record Share(String verdict, int x, int width) {}

  static RolloutPart from(RolloutView r, boolean mayAct, Instant now) {
    List<WaveRow> rows = new ArrayList<>();
    for (RolloutView.WaveView w : r.waves()) {
      rows.add(row(w, r, now));
    }
    if (r.others().hosts() > 0) {
      rows.add(
          row(
              "Others",
              "of no wave: they follow at the end",
              "not yet",
              r.others(),
              null,
              null,
              ""));
    }
    List<String> commands = new ArrayList<>();
    if (mayAct) {
      String baseline = Escaped.text(r.name()) + " " + Escaped.text(r.version());
      for (String step : r.possible()) {
        commands.add("./patina baseline rollout " + step + " " + baseline + " --reason '\u2026'");
      }
    }
    return new RolloutPart(
        r.state(),
        Escaped.text(r.sentence()),
        rows,
        r.possible().isEmpty() || mayAct
            ? null
            : "An operator can: " + String.join(", ", r.possible()) + ".",
        commands);
  }

  private static WaveRow row(RolloutView.WaveView w, RolloutView r, Instant now) {
    String labels =
        w.labels() == null
            ? ""
            : w.labels().entrySet().stream()
                .map(l -> Escaped.text(l.getKey()) + "=" + Escaped.text(l.getValue()))
                .sorted()
                .collect(Collectors.joining(", "));
    Instant deadline = w.deadline();
    String late =
        w.late() > 0
            ? Words.counted(w.late(), "host is late", "hosts are late")
            : w.ahead() > 0 ? Words.counted(w.ahead(), "host is ahead", "hosts are ahead") : null;
    return row(
        "Wave " + w.number(),
        w.percent() == null ? labels : "up to " + w.percent() + " % of the hosts",
        w.number() <= r.reached() ? "reached" : "not yet",
        w.progress(),
        late,
        deadline == null ? null : Words.Time.of(deadline, now),
        time(Duration.parse(w.within())));
  }

  private static WaveRow row(
      String name,
      String which,
      String reached,
      Progress p,
      @Nullable String late,
      Words.@Nullable Time deadline,
      String within) {
    List<Share> bar = new ArrayList<>();
    int x = share(bar, "conforming", p.onNew(), p.hosts(), 0);
    x = share(bar, "drifting", p.mixture(), p.hosts(), x);
    x = share(bar, "updating", p.onOld(), p.hosts(), x);
    share(bar, "unobserved", p.unseen(), p.hosts(), x);
    return new WaveRow(
        name,
        which,
        reached,
        bar,
        p.onNew()
            + " of "
            + p.hosts()
            + " on the new version, "
            + p.mixture()
            + " between, "
            + p.onOld()
            + " on the old one, "
            + p.unseen()
            + " not seen yet",
        Words.count(p.onNew()) + " of " + Words.count(p.hosts()),
        Words.count(p.mixture()),
        Words.count(p.onOld()),
        late,
        deadline,
        within);
  }

  private static int share(List<Share> bar, String verdict, long part, long whole, int x) {
    if (part == 0) {
      return x;
    }
    int width = (int) Math.max(4, part * WIDTH / whole);
    bar.add(new Share(verdict, x, width));
    return x + width;
  }

  private static String time(Duration d) {
    return d.toDays() > 0 && d.toHours() % 24 == 0
        ? Words.counted(d.toDays(), "day", "days")
        : d.toHours() > 0 && d.toMinutes() % 60 == 0
            ? Words.counted(d.toHours(), "hour", "hours")
            : d.toMinutes() > 0 && d.toSeconds() % 60 == 0
                ? Words.counted(d.toMinutes(), "minute", "minutes")
                : Words.counted(d.toSeconds(), "second", "seconds");
  }
}
