package io.patina.engine.pages;

import io.patina.engine.fleet.DeviationView;
import io.patina.engine.fleet.GroupView;
import io.patina.engine.fleet.HostView;
import io.patina.engine.fleet.Listed;
import io.patina.engine.fleet.Timeline;
import io.patina.engine.fleet.UnobservedTimes;
import io.patina.engine.state.Breakdown;
import io.patina.facts.Escaped;
import io.patina.verdict.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One host.
 *
 * @param gauge width of the score's bar, 0 to 199 as the template draws it
 * @param gaugeMark where on it a host becomes artisanal
 */
record HostPage(
    String now,
    String live,
    String name,
    String pool,
    String poolHref,
    String verdict,
    String headline,
    @Nullable String tipped,
    List<Points> breakdown,
    List<String> reasons,
    List<String> marks,
    String advice,
    String adviceDetail,
    int score,
    int artisanalFrom,
    int gauge,
    int gaugeMark,
    List<Detail> facts,
    String deviationsTitle,
    @Nullable String omitted,
    List<GroupRow> causes,
    List<DeviationGroups.Group> groups,
    List<SharedRow> shared,
    String noDeviations,
    List<UnobservedRow> unobserved,
    List<TimelineDays.Day> days,
    @Nullable String older) {

  /**
   * What one group adds to the score.
   *
   * @param example one of them; null if there is none
   */
  record Points(int points, String name, String count, String severity, @Nullable String example) {
    static Points of(Breakdown.Group g) {
      return new Points(
          g.points(),
          Escaped.text(g.name()),
          Words.count(g.count()),
          Escaped.text(g.severity()),
          g.example().isEmpty() ? null : Words.safe(g.example()));
    }
  }

  /** Times without observation on a page. */
  private static final int UNOBSERVED = 20;

  /** So much of a name is in every sentence that names it. */
  private static final int SURELY_SHOWN = 50;

  /** Open deviations that the page reads at most; the API pages through all. */
  static final int MOST_DEVIATIONS = 500;

  /** Groups of one cause at one time on a page. */
  static final int GROUPS = 20;

  /** Shared sets that the page names, and deviations of each that it shows. */
  static final int SHARED = 5;

  static final int SHARED_SHOWN = 50;

  /** Events on a page. */
  static final int EVENTS = 60;

  private static final int GAUGE_WIDTH = 199;

  /** A fact about the host itself: text or a time, perhaps with a link and a hint. */
  record Detail(
      String label,
      String text,
      Words.@Nullable Time time,
      @Nullable String href,
      @Nullable String hint) {
    static Detail of(String label, String text, @Nullable String hint) {
      return new Detail(label, text, null, null, hint);
    }

    static Detail at(String label, Instant instant, Instant now) {
      Words.Time time = Words.Time.of(instant, now);
      return new Detail(label, time.minute(), time, null, time.minute());
    }
  }

  static HostPage from(
      HostView h,
      List<GroupView> causes,
      Listed<DeviationView> open,
      List<SharedRow> shared,
      List<UnobservedTimes.Interval> unobserved,
      Listed<Timeline.Event> events,
      Instant now) {
    Words.Advice advice = Words.advice(h.recommendation());
    int from =
        h.breakdown().artisanalFrom() > 0
            ? h.breakdown().artisanalFrom()
            : Policy.pet().artisanalFrom();
    long unshown = h.deviations().open() - h.deviations().unlisted() - open.items().size();
    return new HostPage(
        Words.minute(now),
        "/live?host=" + h.id(),
        HostRow.name(h),
        HostRow.pool(h),
        h.pool().isEmpty() ? "/enrolment" : "/pools/" + Words.inPath(h.pool()),
        h.verdict(),
        headline(h),
        h.tipped() == null ? null : Words.safe(h.tipped()),
        h.breakdown().groups().stream().map(Points::of).toList(),
        reasons(h),
        marks(h),
        advice.title(),
        h.advice().isEmpty() ? advice.detail() : Words.safe(String.join(" ", h.advice())),
        h.score(),
        from,
        h.score() * GAUGE_WIDTH / 100,
        from * GAUGE_WIDTH / 100,
        details(h, now),
        h.deviations().open() == 0
            ? "Deviations"
            : Words.counted(h.deviations().open(), "open deviation", "open deviations"),
        open.next() != null && unshown > 0
            ? "The latest "
                + Words.count(open.items().size())
                + " are shown; /api/v1/hosts/"
                + h.id()
                + "/deviations has all."
            : null,
        GroupRow.of(causes, now),
        DeviationGroups.of(open.items(), now),
        shared,
        h.baseline() == null
            ? "No approved baseline selects this host, so nothing can deviate."
            : "Nothing differs from the baseline.",
        unobserved.stream().limit(UNOBSERVED).map(i -> UnobservedRow.of(i, now)).toList(),
        TimelineDays.of(events.items()),
        events.next() == null
            ? null
            : "/hosts/" + h.id() + "?before=" + Words.inUrl(events.next()) + "#timeline");
  }

  /** Short: what makes up the score and what tipped it follow below. */
  private static String headline(HostView h) {
    boolean weighed = h.verdict().equals("artisanal") || h.verdict().equals("drifting");
    if (!weighed || h.breakdown().groups().isEmpty()) {
      return HostRow.sentence(h);
    }
    return Words.counted(h.deviations().open(), "deviation", "deviations")
        + " from its baseline, "
        + (h.verdict().equals("artisanal") ? "enough" : "not enough")
        + " to be artisanal.";
  }

  /** What the breakdown does not say already. */
  private static List<String> reasons(HostView h) {
    return h.reasons().stream().filter(r -> !isInBreakdown(h, r)).map(Words::safe).toList();
  }

  private static boolean isInBreakdown(HostView h, String reason) {
    return h.breakdown().groups().stream()
        .map(g -> g.example().substring(g.example().indexOf(' ') + 1))
        .anyMatch(
            name ->
                !name.isEmpty()
                    && reason.contains(name.substring(0, Math.min(name.length(), SURELY_SHOWN))));
  }

  private static List<String> marks(HostView h) {
    List<String> marks = new ArrayList<>();
    if (h.retiredAt() != null) {
      marks.add(
          "Retired since "
              + Words.minute(h.retiredAt())
              + (h.retiredBy() == null
                  ? ", as its collector announced"
                  : " by "
                      + Escaped.text(h.retiredBy())
                      + ": "
                      + Escaped.text(String.valueOf(h.retiredWhy())))
              + ". It raises nothing; its history stays.");
    }
    if (h.maintenance() != null) {
      marks.add(
          "In maintenance until "
              + Words.minute(h.maintenance().until())
              + ", begun by "
              + Escaped.text(h.maintenance().begunBy())
              + ": "
              + Escaped.text(h.maintenance().reason())
              + ". What happens is recorded; what is still so at the end is told then.");
    }
    HostView.Trouble revoked = h.admission().revoked();
    if (revoked != null) {
      marks.add(
          "Revoked at "
              + Words.minute(revoked.since())
              + " "
              + Words.safe(revoked.reason())
              + ". Nothing that this installation reports is taken; what is shown is what was known"
              + " then.");
    }
    if (h.isUnapproved()) {
      marks.add(
          "Nobody has approved this host: its key was pinned at its first report. It counts in no"
              + " pool, and nothing acts on it.");
    }
    if (h.identityConflict() != null) {
      marks.add(
          "Identity conflict since "
              + Words.minute(h.identityConflict().since())
              + ": "
              + Escaped.text(h.identityConflict().reason())
              + " Nothing acts on this host.");
    }
    if (h.silent()) {
      marks.add(
          "Silent: nothing has been heard since "
              + Words.minute(h.lastSeen())
              + ". What is shown here is what was known then.");
    }
    switch (h.sync().state()) {
      case "out-of-sync" ->
          marks.add(
              "Out of sync since "
                  + Words.minute(h.sync().since())
                  + ": "
                  + Escaped.text(h.sync().reason())
                  + " The verdict is the last proven one.");
      case "new" -> marks.add("The first snapshot has not arrived completely.");
      default -> {}
    }
    if (h.coverage().unproven() > 0) {
      marks.add(
          Words.counted(h.coverage().unproven(), "expected fact", "expected facts")
              + " could not be observed: neither clean nor drift.");
    }
    if (h.coverage().lost() > 0) {
      marks.add(
          Words.counted(h.coverage().lost(), "change was", "changes were")
              + " lost on the host before being sent; the state is right, some times are not.");
    }
    return marks;
  }

  private static Detail clock(HostView h) {
    Long skew = h.clock().skewMillis();
    String reported = "reported at " + Words.second(h.clock().reportedAt()) + " by its own";
    if (skew == null) {
      return Detail.of("Its clock", "not compared yet", reported);
    }
    long seconds = Math.round(Math.abs(skew) / 1000.0);
    return Detail.of(
        "Its clock",
        seconds < 2
            ? "as the broker's"
            : Words.count(seconds) + " s " + (skew > 0 ? "ahead of" : "behind") + " the broker's",
        reported);
  }

  private static List<Detail> details(HostView h, Instant now) {
    List<Detail> details = new ArrayList<>();
    Words.Time since = Words.Time.of(h.since(), now);
    details.add(new Detail("Verdict since", since.minute(), since, null, since.minute()));
    details.add(Detail.at("Last seen", h.lastSeen(), now));
    details.add(clock(h));
    if (h.baseline() == null) {
      details.add(Detail.of("Baseline", "none", null));
    } else {
      details.add(
          new Detail(
              "Baseline",
              Escaped.text(h.baseline().name()),
              null,
              "/baselines/" + h.baseline().name() + "/" + h.baseline().version(),
              Escaped.text(h.baseline().version())
                  + ", policy "
                  + Escaped.text(h.baseline().policy())));
    }
    details.add(
        Detail.of(
            "Observed",
            Words.counted(h.coverage().facts(), "fact", "facts"),
            Words.counted(h.coverage().gaps(), "gap", "gaps")
                + (h.coverage().watching().isEmpty()
                    ? ""
                    : ", watching by " + Escaped.text(h.coverage().watching()))));
    Instant compared = h.coverage().lastFullCompare();
    details.add(
        compared == null
            ? Detail.of("Every byte read", "not yet", null)
            : Detail.at("Every byte read", compared, now));
    details.add(admission(h, now));
    details.add(
        Detail.of(
            "Host id",
            h.id(),
            h.collectorVersion().isEmpty()
                ? null
                : "collector " + Escaped.text(h.collectorVersion())));
    return details;
  }

  private static Detail admission(HostView h, Instant now) {
    HostView.Admission a = h.admission();
    String how =
        switch (a.how()) {
          case "enrolled" -> "Enrolled";
          case "approved" -> "Approved";
          case "pinned" -> "Not approved";
          case "first-use" -> "At first use";
          default -> "Before enrolment";
        };
    String by = a.by().isEmpty() ? "" : "by " + Escaped.text(a.by());
    String key = a.keySince() == null ? "" : "key of " + Words.minute(a.keySince());
    String hint = by + (by.isEmpty() || key.isEmpty() ? "" : ", ") + key;
    Instant at = a.at();
    String text = at == null ? how : how + " " + Words.ago(at, now);
    return Detail.of("Let in", text, hint.isEmpty() ? null : hint);
  }
}
