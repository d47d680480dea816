package io.patina.verdict;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What differences weigh, and from where a host is artisanal.
 *
 * @param weights points per class; a class that is not listed weighs nothing
 * @param artisanalFrom the score, 1 to 100, from which a host is artisanal
 * @param grace how long the score must have held before the verdict follows
 */
public record Policy(
    String name, Map<DriftClass, Weight> weights, int artisanalFrom, Duration grace) {

  /**
   * Points of one class.
   *
   * @param each points for each difference
   * @param atMost most points that all differences of the class give together
   */
  public record Weight(int each, int atMost) {
    public Weight {
      if (each < 0 || atMost < 0 || atMost > 100) {
        throw new IllegalArgumentException("points are 0 to 100");
      }
    }
  }

  public Policy {
    if (artisanalFrom < 1 || artisanalFrom > 100) {
      throw new IllegalArgumentException("artisanalFrom is 1 to 100");
    }
    EnumMap<DriftClass, Weight> copy = new EnumMap<>(DriftClass.class);
    copy.putAll(weights);
    weights = Collections.unmodifiableMap(copy);
  }

  /**
   * For a machine that people keep: edited configuration and files of its owner's alone never make
   * it artisanal (their caps together stay under the threshold); a changed program does.
   */
  public static Policy pet() {
    EnumMap<DriftClass, Weight> w = new EnumMap<>(DriftClass.class);
    w.put(DriftClass.PACKAGED_FILE_CHANGED, new Weight(50, 100));
    w.put(DriftClass.PACKAGED_FILE_MISSING, new Weight(25, 75));
    w.put(DriftClass.DOCUMENTATION, new Weight(1, 5));
    w.put(DriftClass.CONFIGURATION, new Weight(3, 20));
    w.put(DriftClass.UNPACKAGED_FILE, new Weight(2, 20));
    w.put(DriftClass.FILE, new Weight(10, 60));
    w.put(DriftClass.PACKAGE, new Weight(10, 40));
    w.put(DriftClass.KERNEL, new Weight(10, 40));
    w.put(DriftClass.UNIT, new Weight(10, 40));
    w.put(DriftClass.MOUNT, new Weight(20, 60));
    w.put(DriftClass.OS, new Weight(10, 40));
    w.put(DriftClass.OTHER, new Weight(5, 20));
    return new Policy("pet", w, 50, Duration.ofSeconds(30));
  }

  /** A ready-made policy by name. */
  public static Optional<Policy> named(String name) {
    return name.equals("pet") ? Optional.of(pet()) : Optional.empty();
  }

  /** The score of a tally, 0 (as ordered) to 100. */
  public int score(Tally tally) {
    long score = 0;
    for (Map.Entry<DriftClass, Weight> w : weights.entrySet()) {
      score += points(w.getKey(), tally.count(w.getKey()));
    }
    return (int) Math.min(100, score);
  }

  /** The points that this many differences of a class give. */
  public int points(DriftClass driftClass, long count) {
    Weight w = weights.getOrDefault(driftClass, new Weight(0, 0));
    return (int) Math.min(w.atMost(), w.each() * Math.min(count, 100));
  }
}
