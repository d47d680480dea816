package io.patina.engine.pages;

import io.patina.engine.fleet.UnobservedTimes;
import java.time.Duration;
import java.time.Instant;

/**
 * A time in which a host was not observed, in a line.
 *
 * @param kind as the API names it
 * @param lasted in words; while it lasts, so far
 */
record UnobservedRow(String kind, Words.Time from, String until, String lasted, String reason) {

  static UnobservedRow of(UnobservedTimes.Interval i, Instant now) {
    Instant to = i.to() == null ? now : i.to();
    return new UnobservedRow(
        i.kind().replace('-', ' '),
        Words.Time.of(i.from(), now),
        i.to() == null ? "now" : Words.minute(i.to()),
        lasted(Duration.between(i.from(), to)),
        Words.safe(i.reason()));
  }

  private static String lasted(Duration d) {
    if (d.toMinutes() < 2) {
      return Words.counted(Math.max(0, d.toSeconds()), "second", "seconds");
    }
    if (d.toHours() < 2) {
      return Words.counted(d.toMinutes(), "minute", "minutes");
    }
    return d.toDays() < 2
        ? Words.counted(d.toHours(), "hour", "hours")
        : Words.counted(d.toDays(), "day", "days");
  }
}
