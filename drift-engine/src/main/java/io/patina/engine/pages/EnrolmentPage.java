package io.patina.engine.pages;

import io.patina.engine.enrolment.Identities;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who waits to be let in: installations that knock, and hosts that nobody has approved. */
record EnrolmentPage(
    String now, String headline, List<Knock> knocking, List<Unapproved> unapproved) {

  /** The beginning of a key's name: enough to compare two of them by eye. */
  private static final int SHOWN_OF_KEY = 16;

  /** One that knocks. What it calls itself is its own word. */
  record Knock(
      String installation,
      String name,
      String key,
      String reason,
      String reports,
      Words.Time last,
      boolean granted) {}

  /** One whose key was pinned. */
  record Unapproved(String installation, String name, String href, String key, Words.Time first) {}

  static EnrolmentPage from(
      Identities.Waiting waiting,
      List<Identities.Knocking> knocking,
      List<Identities.Life> unapproved,
      Instant now) {
    String said = waiting(waiting);
    return new EnrolmentPage(
        Words.minute(now),
        said == null ? "Nobody waits to be let in." : said,
        knocking.stream().map(k -> knock(k, now)).toList(),
        unapproved.stream().map(l -> unapproved(l, now)).toList());
  }

  /** How many wait, one sentence; null if nobody does. */
  static @Nullable String waiting(Identities.Waiting waiting) {
    String knocking =
        Words.counted(waiting.knocking(), "installation reports", "installations report")
            + (waiting.knocking() == 1 ? " and is not let in" : " and are not let in");
    String unapproved =
        Words.counted(waiting.unapproved(), "host waits", "hosts wait") + " to be approved";
    if (waiting.knocking() == 0) {
      return waiting.unapproved() == 0 ? null : unapproved + ".";
    }
    return waiting.unapproved() == 0 ? knocking + "." : knocking + "; " + unapproved + ".";
  }

  private static Knock knock(Identities.Knocking k, Instant now) {
    return new Knock(
        k.installation(),
        k.claimedName().isEmpty() ? "(has not said)" : Words.safe(k.claimedName()),
        k.key().substring(0, SHOWN_OF_KEY),
        Words.safe(k.reason()),
        Words.count(k.reports()),
        Words.Time.of(k.lastAt(), now),
        k.granted());
  }

  private static Unapproved unapproved(Identities.Life l, Instant now) {
    return new Unapproved(
        l.id(),
        l.hostName().isEmpty() ? "(no name)" : Escaped.text(l.hostName()),
        "/hosts/" + l.host(),
        l.key().substring(0, SHOWN_OF_KEY),
        Words.Time.of(l.firstSeen(), now));
  }
}
