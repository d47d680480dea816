package io.patina.engine.judge;

import io.patina.engine.state.Transit;
import io.patina.facts.Escaped;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a rollout adds to the judgement of a host by the version that it is held against: being
 * between two versions, too early or too late is said of it and never makes it artisanal; what
 * differs from its version counts as ever.
 */
final class InTransit {

  private InTransit() {}

  static Judgement judge(Transit t, Judgement j, Instant now) {
    return switch (t.place()) {
      case UNSEEN -> j;
      case MIXTURE -> t.reached() ? late(t, mixture(t, j), now) : early(t, j);
      case OLD -> t.reached() ? late(t, j, now) : j;
      case NEW -> t.isAhead() ? ahead(t, j) : j;
    };
  }

  /** Some of each, in figures: drift, once it has stood for as long as the policy waits. */
  private static Judgement mixture(Transit t, Judgement j) {
    String mixture = "a mixture of versions, " + parts(t);
    if (j.verdict() != Verdict.CONFORMING) {
      return said(
          j, j.verdict(), "This host is " + j.verdict().wireName() + ": " + mixture + ".", mixture);
    }
    return said(
        j,
        j.again().isPresent() ? Verdict.UPDATING : Verdict.DRIFTING,
        j.again().isPresent()
            ? "This host is between two versions: " + parts(t) + "."
            : "This host is drifting: " + mixture + ".",
        mixture);
  }

  private static Judgement early(Transit t, Judgement j) {
    return said(
        j,
        j.verdict(),
        j.sentence(),
        parts(t) + ", before " + wave(t) + " of the rollout is reached");
  }

  /**
   * Wholly of a version that was approved, but before its turn: nothing is altered, nor as told.
   */
  private static Judgement ahead(Transit t, Judgement j) {
    String ahead = "wholly " + to(t) + " before " + wave(t) + " of its rollout is reached";
    return j.verdict() == Verdict.CONFORMING
        ? with(
            said(j, Verdict.UPDATING, "This host is " + ahead + ".", ahead),
            Recommendation.OBSERVE,
            "It is as an approved baseline says: it counts as conforming once its wave is reached."
                + " After a roll back it has to go back, too.",
            j.again())
        : said(j, j.verdict(), j.sentence(), ahead);
  }

  private static Judgement late(Transit t, Judgement j, Instant now) {
    Instant deadline = t.deadline();
    if (deadline == null) {
      return j;
    }
    String by = " by " + deadline.truncatedTo(ChronoUnit.SECONDS);
    if (now.isBefore(deadline)) {
      Judgement may = said(j, j.verdict(), j.sentence(), "to be on " + to(t) + by);
      return with(may, j.recommendation(), "", earlier(j.again(), deadline));
    }
    String late = "was to be on " + to(t) + by;
    boolean whole = t.place() == Transit.Place.OLD;
    boolean asItSays = j.verdict() == Verdict.CONFORMING || j.verdict() == Verdict.UPDATING;
    Judgement said =
        asItSays
            ? said(
                j,
                Verdict.DRIFTING,
                "This host is " + (whole ? "still " + from(t) : parts(t)) + " and " + late + ".",
                late)
            : said(j, j.verdict(), j.sentence(), late);
    Recommendation r = j.recommendation();
    return with(
        said,
        r == Recommendation.NONE || r == Recommendation.OBSERVE ? Recommendation.INVESTIGATE : r,
        "Its update did not come or did not take: look at its updater, and whether it waits for a"
            + " reboot.",
        j.again());
  }

  private static String parts(Transit t) {
    String parts = facts(t.older()) + " of " + from(t) + ", " + number(t.newer()) + " of " + to(t);
    return t.neither() == 0 ? parts : parts + ", " + number(t.neither()) + " of neither";
  }

  private static String facts(long count) {
    return number(count) + (count == 1 ? " fact" : " facts");
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String wave(Transit t) {
    return t.wave() == 0 ? "the end" : "wave " + t.wave();
  }

  private static String from(Transit t) {
    return Escaped.text(t.from());
  }

  private static String to(Transit t) {
    return Escaped.text(t.to());
  }

  private static Judgement said(Judgement j, Verdict verdict, String sentence, String reason) {
    List<String> reasons = new ArrayList<>(j.reasons());
    reasons.addFirst(reason);
    return new Judgement(
        verdict,
        j.score(),
        j.recommendation(),
        sentence,
        reasons,
        j.breakdown(),
        j.advice(),
        j.again());
  }

  private static Judgement with(
      Judgement j, Recommendation recommendation, String advice, Optional<Instant> again) {
    List<String> all = new ArrayList<>(j.advice());
    if (!advice.isEmpty()) {
      all.add(advice);
    }
    return new Judgement(
        j.verdict(),
        j.score(),
        recommendation,
        j.sentence(),
        j.reasons(),
        j.breakdown(),
        all,
        again);
  }

  private static Optional<Instant> earlier(Optional<Instant> again, Instant deadline) {
    return again.filter(a -> a.isBefore(deadline)).or(() -> Optional.of(deadline));
  }
}
