package io.patina.engine.pages;

import io.patina.facts.Escaped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures, times and advice in words. */
final class Words {

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Words() {}

  /** A moment for people: exact for machines, relative for the eye. */
  record Time(String iso, String ago, String minute) {
    static Time of(Instant instant, Instant now) {
      return new Time(instant.toString(), Words.ago(instant, now), MINUTE.format(instant));
    }

    static @Nullable Time orNull(@Nullable Instant instant, Instant now) {
      return instant == null ? null : of(instant, now);
    }
  }

  /** What a recommendation means, in an imperative and a sentence. */
  record Advice(String title, String detail) {}

  private static final Map<String, Advice> ADVICE =
      Map.of(
          "none",
          new Advice("Nothing to do", "The host is as its baseline says."),
          "observe",
          new Advice("Observe", "What differs is small. See whether it grows."),
          "restart-units",
          new Advice(
              "Restart units", "Only services are not as ordered; restarting them settles it."),
          "daemon-reload",
          new Advice(
              "Reload systemd", "Unit files on disk are newer than what systemd has loaded."),
          "reboot",
          new Advice("Reboot", "What runs is older than what is installed."),
          "reimage",
          new Advice(
              "Reimage",
              "Too much was altered by hand. A fresh installation is surer than a repair."),
          "fix-baseline",
          new Advice("Fix the baseline", "Much of the pool turned together: suspect the baseline."),
          "investigate",
          new Advice(
              "Investigate", "Files that programs are made of differ. Find out who and why."));

  static Advice advice(String recommendation) {
    return ADVICE.getOrDefault(
        recommendation, new Advice(Escaped.text(recommendation), "This page knows no more of it."));
  }

  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  static String counted(long n, String one, String many) {
    return count(n) + " " + (n == 1 ? one : many);
  }

  /** A share such as {@code 12.4 %}; never 0 or 100 % unless it is. */
  static String share(long part, long whole) {
    if (part == 0 || whole == 0) {
      return "none";
    }
    if (part == whole) {
      return "all";
    }
    double percent = 100.0 * part / whole;
    if (percent < 0.1) {
      return "under 0.1 %";
    }
    if (percent > 99.9) {
      return "over 99.9 %";
    }
    return String.format(Locale.ROOT, "%.1f %%", percent);
  }

  /** As the script words it: {@code 3 minutes ago}, {@code just now}. */
  static String ago(Instant then, Instant now) {
    Duration past = Duration.between(then, now);
    long seconds = past.toSeconds();
    if (seconds < 60) {
      return "just now";
    }
    long[] sizes = {31_536_000, 2_592_000, 86_400, 3_600, 60};
    String[] names = {"year", "month", "day", "hour", "minute"};
    for (int i = 0; i < sizes.length; i++) {
      long n = seconds / sizes[i];
      if (n > 0) {
        return n + " " + names[i] + (n == 1 ? "" : "s") + " ago";
      }
    }
    return "just now";
  }

  static String minute(Instant instant) {
    return MINUTE.format(instant.truncatedTo(ChronoUnit.SECONDS));
  }

  static String second(Instant instant) {
    return SECOND.format(instant);
  }

  static String day(Instant instant) {
    return DAY.format(instant);
  }

  /**
   * Text that should have been escaped when it was stored, and is now if it was not: backslashes of
   * earlier escapes stay single.
   */
  static String safe(String stored) {
    String escaped = Escaped.text(stored);
    return escaped.replace("\\\\", "\\").equals(stored) ? stored : escaped;
  }

  /** A value as a segment of a path. */
  static String inPath(String text) {
    return inUrl(text).replace("+", "%20");
  }

  /** A value for use in a query string. */
  static String inUrl(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String bytes(long n) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double size = n;
    int unit = 0;
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit++;
    }
    return unit == 0
        ? counted(n, "byte", "bytes")
        : String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
  }
}
