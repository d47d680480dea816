package io.patina.engine.pools;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * When so much of a pool has turned together that what it is held against is the suspect. Pure.
 *
 * @param share of the hosts that are held against a baseline, above 0 and at most 1
 * @param hosts fewer than this are never a pool that turned
 * @param within turns that are further apart are not together
 */
public record TurnRules(double share, int hosts, Duration within) {

  /** Turns are counted by this. */
  static final Duration SLOT = Duration.ofMinutes(10);

  public TurnRules {
    if (!(share > 0 && share <= 1) || hosts < 1 || within.compareTo(SLOT) < 0) {
      throw new IllegalArgumentException(
          "patina.judge.turn-share is above 0 and at most 1, turn-hosts at least 1, turn-within at"
              + " least 10m");
    }
  }

  /** Whether that many of that many are a turn. */
  boolean isTurn(long turned, long of) {
    return turned >= hosts && of > 0 && turned >= share * of;
  }

  /** Whether it is over: clearly fewer differ than make one. */
  boolean isOver(long differing, long of) {
    return of == 0 || differing < share / 2 * of;
  }

  /** The slot of a moment. */
  static Instant slot(Instant at) {
    long length = SLOT.toMillis();
    return Instant.ofEpochMilli(Math.floorDiv(at.toEpochMilli(), length) * length);
  }

  /** Slots from here on count as together with this moment. */
  Instant from(Instant now) {
    return slot(now.minus(within));
  }

  static String sentence(String pool, String baseline, long turned, long of) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d hosts of pool %s that are held against %s turned together: the baseline is the"
            + " suspect, not the hosts.",
        turned,
        of,
        pool,
        baseline);
  }
}
