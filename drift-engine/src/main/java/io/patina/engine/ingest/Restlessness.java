package io.patina.engine.ingest;

import io.patina.engine.deviations.Deviation;
import io.patina.engine.deviations.Unrest;
import io.patina.engine.judge.Judgement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What is said of facts that change all the time. Pure. */
final class Restlessness {

  private static final int MOST_NAME = 200;

  private Restlessness() {}

  /** One sentence about one of them, safe to print. */
  static String sentence(Deviation d) {
    Unrest unrest = d.unrest();
    return String.format(
        Locale.ROOT,
        "%s has changed %,d times since %s: it is volatile, and further changes are counted and not"
            + " told until it has stood still.",
        name(d),
        unrest.changes(),
        second(unrest.first()));
  }

  /** The judgement with what is volatile among its reasons. */
  static Judgement remarked(Judgement j, Collection<Deviation> open) {
    List<Deviation> restless = open.stream().filter(d -> d.unrest().isVolatile()).toList();
    if (restless.isEmpty()) {
      return j;
    }
    Deviation first = restless.getFirst();
    List<String> reasons = new ArrayList<>(j.reasons());
    reasons.add(
        String.format(
            Locale.ROOT,
            "%,d %s volatile%s %s, %,d changes since %s",
            restless.size(),
            restless.size() == 1 ? "deviation is" : "deviations are",
            restless.size() == 1 ? ":" : ", such as",
            name(first),
            first.unrest().changes(),
            second(first.unrest().first())));
    return new Judgement(
        j.verdict(),
        j.score(),
        j.recommendation(),
        j.sentence(),
        reasons,
        j.breakdown(),
        j.advice(),
        j.again());
  }

  private static String name(Deviation d) {
    String name = d.difference().key().facet() + " " + d.difference().key().displayName();
    return name.length() > MOST_NAME
        ? name.substring(0, name.offsetByCodePoints(0, MOST_NAME / 2)) + "\u2026"
        : name;
  }

  private static String second(@org.jspecify.annotations.Nullable Instant at) {
    return at == null ? "" : at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
