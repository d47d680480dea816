package io.patina.stack.latency;

import java.util.List;
import java.util.Locale;

/**
 * How a set of times is spread.
 *
 * @param count how many
 * @param p50 median, milliseconds
 * @param p99 the time that 99 of 100 stay within (nearest rank), milliseconds
 * @param max the longest, milliseconds
 */
public record Spread(int count, double p50, double p99, double max) {

  /** Sums up times in nanoseconds; there must be at least one. */
  public static Spread ofNanos(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return new Spread(sorted.size(), rank(sorted, 0.50), rank(sorted, 0.99), rank(sorted, 1.0));
  }

  private static double rank(List<Long> sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(rank, 1) - 1) / 1e6;
  }

  /** As one line of a table. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%5d  p50 %7.1f ms  p99 %7.1f ms  max %7.1f ms", count, p50, p99, max);
  }
}
