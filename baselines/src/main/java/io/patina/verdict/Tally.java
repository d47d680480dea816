package io.patina.verdict;

import io.patina.comparison.Difference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts of open differences by class, each with one difference as the example. Follows a change in
 * constant time. Not safe for use by several threads.
 */
public final class Tally {

  private static final int MOST_BOOT_SOURCES = 10;

  private final Map<DriftClass, Long> counts = new EnumMap<>(DriftClass.class);
  private final Map<DriftClass, Difference> examples = new EnumMap<>(DriftClass.class);
  private final List<Difference> bootSources = new ArrayList<>();
  private long needBoot;

  /** Adds one difference. */
  public void add(Difference difference) {
    add(DriftClass.of(difference), 1, Optional.of(difference));
  }

  /** Adds this many of a class, with an example if one is at hand. */
  public void add(DriftClass driftClass, long count, Optional<Difference> example) {
    counts.merge(driftClass, count, Long::sum);
    example.ifPresent(e -> examples.putIfAbsent(driftClass, e));
    if (count == 1 && example.filter(Advice::needsBoot).isPresent()) {
      needBoot++;
      if (bootSources.size() < MOST_BOOT_SOURCES) {
        bootSources.add(example.get());
      }
    }
  }

  public long count(DriftClass driftClass) {
    return counts.getOrDefault(driftClass, 0L);
  }

  public Optional<Difference> example(DriftClass driftClass) {
    return Optional.ofNullable(examples.get(driftClass));
  }

  /** How many go away with a boot alone. */
  long needBoot() {
    return needBoot;
  }

  /** Some of those. */
  List<Difference> bootSources() {
    return List.copyOf(bootSources);
  }

  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  public boolean isEmpty() {
    return total() == 0;
  }
}
