package io.patina.engine.pages;

import io.patina.engine.fleet.HostView;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One host in a table. */
record HostRow(
    String id,
    String name,
    String href,
    String pool,
    String verdict,
    String sentence,
    @Nullable String advice,
    int score,
    Words.@Nullable Time since,
    List<String> marks) {

  static HostRow from(HostView h, Instant now) {
    return new HostRow(
        h.id(),
        name(h),
        "/hosts/" + h.id(),
        pool(h),
        h.verdict(),
        brief(h),
        h.recommendation().equals("none") ? null : Words.advice(h.recommendation()).title() + ".",
        h.score(),
        Words.Time.of(h.since(), now),
        shortMarks(h));
  }

  /** Its pool, or that it is in none. */
  static String pool(HostView h) {
    return h.pool().isEmpty() ? "in no pool" : Escaped.text(h.pool());
  }

  static String name(HostView h) {
    return h.name().isEmpty() ? "(no name) " + h.id() : Escaped.text(h.name());
  }

  static String sentence(HostView h) {
    return h.sentence().isEmpty() ? "Nothing has been compared yet." : Words.safe(h.sentence());
  }

  /** The sentence without its beginning, which the badge beside it says. */
  private static String brief(HostView h) {
    String sentence = sentence(h);
    String start = "This host is " + h.verdict() + ": ";
    return sentence.startsWith(start)
        ? Character.toUpperCase(sentence.charAt(start.length()))
            + sentence.substring(start.length() + 1)
        : sentence;
  }

  private static List<String> shortMarks(HostView h) {
    List<String> marks = new ArrayList<>();
    if (h.identityConflict() != null) {
      marks.add("identity conflict");
    }
    if (h.isUnapproved()) {
      marks.add("not approved");
    }
    if (h.admission().revoked() != null) {
      marks.add("revoked");
    }
    if (h.silent()) {
      marks.add("silent");
    }
    if (h.maintenance() != null) {
      marks.add("maintenance");
    }
    if (h.sync().state().equals("out-of-sync")) {
      marks.add("out of sync");
    }
    return marks;
  }
}
