package io.patina.engine.pages;

import io.patina.engine.fleet.GroupView;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deviations of one cause at one time, in a line.
 *
 * @param because what the cause rests on; null where there is nothing to say
 * @param said who has acknowledged it and how; null if nobody has
 */
record GroupRow(
    String id,
    String cause,
    String count,
    Words.Time since,
    @Nullable String because,
    @Nullable String said) {

  static List<GroupRow> of(List<GroupView> groups, Instant now) {
    return groups.stream().map(g -> from(g, now)).toList();
  }

  private static GroupRow from(GroupView g, Instant now) {
    return new GroupRow(
        g.id(),
        Escaped.text(g.cause()),
        Words.counted(g.open(), "deviation", "deviations"),
        Words.Time.of(g.onset().latest(), now),
        g.because() == null ? null : Words.safe(g.because()),
        g.acknowledgement() == null ? null : said(g.acknowledgement()));
  }

  private static String said(GroupView.Acknowledgement a) {
    return (a.authorised() ? "Authorised" : "Not authorised")
        + ", says "
        + Escaped.text(a.by())
        + (a.ticket().isEmpty() ? "" : ", " + Escaped.text(a.ticket()))
        + (a.note().isEmpty() ? "" : ": " + Escaped.text(a.note()));
  }
}
