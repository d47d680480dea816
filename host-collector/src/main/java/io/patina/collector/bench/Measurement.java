package io.patina.collector.bench;

import java.util.List;

/**
 * One contestant's times, in seconds, one per round.
 *
 * @param wall from start to end of the process
 * @param cpu user and system time of the process and its children
 * @param failed exit code of 126 or more: it did not run
 */
public record Measurement(
    Contestant contestant, List<Double> wall, List<Double> cpu, boolean failed) {
  public Measurement {
    wall = List.copyOf(wall);
    cpu = List.copyOf(cpu);
  }

  /** The middle value; the mean of the two in the middle of an even number. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
