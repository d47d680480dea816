package io.patina.engine.pages;

import io.patina.engine.pools.PoolView;
import io.patina.engine.pools.Scriptlets;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool, judged as a whole.
 *
 * @param turned that much of it turned together; empty unless it is so
 */
record PoolPage(
    String now,
    String name,
    String href,
    String hosts,
    List<String> turned,
    List<SideRow> sides,
    List<AgainRow> again) {

  private static final int NAMED = 8;

  /** Hosts that are held against one baseline. */
  record SideRow(
      String baseline,
      @Nullable String href,
      String sentence,
      List<WayRow> ways,
      @Nullable String scriptlets) {}

  /** Hosts that are alike. */
  record WayRow(
      String title,
      String hosts,
      List<HostLink> examples,
      List<String> separating,
      @Nullable String more) {}

  /** A host. */
  record HostLink(String name, String href) {}

  /** A host that drifts after a reimage as before. */
  record AgainRow(HostLink host, String text) {}

  static PoolPage from(PoolView v, Instant now) {
    return new PoolPage(
        Words.minute(now),
        Escaped.text(v.pool()),
        "/hosts?pool=" + Words.inUrl(v.pool()),
        Words.counted(v.hosts(), "host", "hosts"),
        v.turns().stream()
            .filter(t -> t.endedAt() == null)
            .map(t -> Words.safe(t.sentence()) + " Since " + Words.minute(t.since()) + ".")
            .toList(),
        v.sides().stream().map(PoolPage::side).toList(),
        v.again().stream().map(PoolPage::again).toList());
  }

  private static SideRow side(PoolView.Side s) {
    String baseline = s.baseline();
    Scriptlets scriptlets = s.scriptlets();
    return new SideRow(
        baseline == null ? "no baseline" : Escaped.text(baseline),
        baseline == null ? null : "/baselines/" + baseline.replace(' ', '/'),
        Words.safe(s.sentence()),
        s.ways().stream().map(PoolPage::way).toList(),
        scriptlets == null ? null : Words.safe(scriptlets.sentence()));
  }

  private static WayRow way(PoolView.WayView w) {
    long more = w.more() + Math.max(0, w.separating().size() - NAMED);
    return new WayRow(
        w.signature().isEmpty() ? "as ordered" : "signature " + w.signature().substring(0, 12),
        Words.counted(w.hosts(), "host", "hosts"),
        w.examples().stream().map(PoolPage::link).toList(),
        w.separating().stream().limit(NAMED).map(Words::safe).toList(),
        more == 0 ? null : "and " + Words.count(more) + " more");
  }

  private static AgainRow again(PoolView.Again a) {
    String what =
        a.same()
            ? "everything as before it"
            : String.join(", ", a.keys().stream().map(Words::safe).toList());
    return new AgainRow(
        link(new PoolView.HostName(a.id(), a.name())), "life " + a.life() + ": " + what);
  }

  private static HostLink link(PoolView.HostName h) {
    return new HostLink(h.name().isEmpty() ? h.id() : Escaped.text(h.name()), "/hosts/" + h.id());
  }
}
