package io.patina.engine.ingest;

import io.patina.engine.deviations.Deviation;
import io.patina.engine.judge.Case;
import io.patina.engine.judge.Judge;
import io.patina.engine.state.Since;
import io.patina.verdict.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Since when a host is artisanal, and what tipped it: the first deviation, in the order of their
 * onsets, with which the judge says so. Pure; the judge's own rules decide, whatever they are.
 */
final class Tipping {

  /** Longest name of a fact in the sentence, in characters. */
  private static final int MOST_NAME = 200;

  private Tipping() {}

  /** One sentence, safe to print; empty where no deviation has tipped it. */
  static Optional<String> sentence(Judge judge, Case c, Instant now) {
    List<Deviation> inOrder =
        c.open().stream()
            .filter(d -> !d.settlesAt().isAfter(now))
            .sorted(
                Comparator.comparing((Deviation d) -> d.onset().latest())
                    .thenComparing(d -> d.difference().key()))
            .toList();
    if (!isArtisanal(judge, c, inOrder, now)) {
      return Optional.empty();
    }
    // More deviations never make a host less artisanal: the first that does is mostly among the
    // first few, doubling finds where, and halving which.
    if (inOrder.isEmpty()) {
      return Optional.empty();
    }
    int without = 0;
    int with = 1;
    while (with < inOrder.size() && !isArtisanal(judge, c, inOrder.subList(0, with), now)) {
      without = with;
      with = Math.min(inOrder.size(), with * 2);
    }
    while (with - without > 1) {
      int middle = (without + with) / 2;
      if (isArtisanal(judge, c, inOrder.subList(0, middle), now)) {
        with = middle;
      } else {
        without = middle;
      }
    }
    return Optional.of(sentence(inOrder.get(with - 1)));
  }

  private static boolean isArtisanal(Judge judge, Case c, List<Deviation> open, Instant now) {
    Case part =
        new Case(
            c.before(),
            c.sync(),
            c.conflict(),
            c.silent(),
            c.lastSeen(),
            c.policy(),
            c.labels(),
            open,
            c.unproven(),
            c.transit(),
            c.unknownImage());
    return judge.judge(part, now).verdict() == Verdict.ARTISANAL;
  }

  private static String sentence(Deviation d) {
    String name = d.difference().key().facet() + " " + d.difference().key().displayName();
    if (name.length() > MOST_NAME) {
      name = name.substring(0, name.offsetByCodePoints(0, MOST_NAME / 2)) + "\u2026";
    }
    String because = d.evidence().because().isEmpty() ? "" : ", " + d.evidence().because();
    return "Artisanal since "
        + when(d.onset())
        + ", tipped by "
        + name
        + " "
        + d.difference().kind().wireName()
        + " ("
        + d.cause().wireName()
        + because
        + ").";
  }

  private static String when(Since onset) {
    String latest = onset.latest().truncatedTo(ChronoUnit.SECONDS).toString();
    Instant earliest = onset.earliest();
    if (earliest == null) {
      return latest + " or before, when it was first seen";
    }
    return earliest.equals(onset.latest())
        ? latest
        : "between " + earliest.truncatedTo(ChronoUnit.SECONDS) + " and " + latest;
  }
}
