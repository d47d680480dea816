package io.patina.engine.judge;

import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Sync;
import io.patina.engine.waivers.Waiver;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes what people have waived out of a case before it is judged, and says so in the answer. Pure:
 * the same case and waivers at the same moment have the same answer.
 *
 * @param theCase without what is waived
 * @param waived how many deviations each waiver takes out
 */
public record Waiving(Case theCase, Map<Waiver, Integer> waived) {

  /**
   * Takes out what is waived.
   *
   * @param waivers that the host is under, the one that lasts longest first: a deviation that
   *     several match goes by that one
   */
  public static Waiving of(Case c, List<Waiver> waivers, Instant now) {
    List<Waiver> inForce = waivers.stream().filter(w -> w.isInForce(now)).toList();
    if (inForce.isEmpty()) {
      return new Waiving(c, Map.of());
    }
    List<Deviation> weighing = new ArrayList<>();
    Map<Waiver, Integer> waived = new LinkedHashMap<>();
    for (Deviation d : c.open()) {
      Optional<Waiver> by = by(d, inForce);
      if (by.isPresent()) {
        waived.merge(by.get(), 1, Integer::sum);
      } else {
        weighing.add(d);
      }
    }
    return new Waiving(
        new Case(
            c.before(),
            c.sync(),
            c.conflict(),
            c.silent(),
            c.lastSeen(),
            c.policy(),
            c.labels(),
            weighing,
            c.unproven(),
            c.transit(),
            c.unknownImage()),
        waived);
  }

  /** The first of these waivers that means a deviation. */
  public static Optional<Waiver> by(Deviation d, List<Waiver> waivers) {
    return waivers.stream().filter(w -> w.pattern().matches(d.difference())).findFirst();
  }

  /** The judge's answer to the rest, with what is waived among its reasons. */
  public Judgement tell(Judgement j) {
    if (waived.isEmpty()) {
      return j;
    }
    List<String> reasons = new ArrayList<>(j.reasons());
    // Of a host that cannot be seen nothing is said to be waived.
    if (theCase.sync().kind() == Sync.Kind.PROVEN
        && !theCase.silent()
        && theCase.conflict().isEmpty()) {
      waived.forEach((w, count) -> reasons.add(reason(w, count)));
    }
    return new Judgement(
        j.verdict(),
        j.score(),
        j.recommendation(),
        j.sentence(),
        reasons,
        j.breakdown(),
        j.advice(),
        Stream.concat(j.again().stream(), waived.keySet().stream().map(Waiver::expiresAt))
            .min(Comparator.naturalOrder()));
  }

  private static String reason(Waiver w, int count) {
    return String.format(
        Locale.ROOT,
        "%,d %s waived until %s: %s (%swaiver %s)",
        count,
        count == 1 ? "deviation is" : "deviations are",
        w.expiresAt().truncatedTo(ChronoUnit.SECONDS),
        Escaped.text(w.reason()),
        w.ticket().isEmpty() ? "" : Escaped.text(w.ticket()) + ", ",
        w.id());
  }
}
