package io.patina.engine.inforce;

import io.patina.engine.maintenance.Maintenance;
import io.patina.engine.waivers.Waiver;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Decisions at one revision. Immutable.
 *
 * @param waivers the one that lasts longest first
 */
public record InForce(long revision, List<Waiver> waivers, List<Maintenance> maintenances) {

  /** What is known before anything has been read. */
  public static final InForce NONE = new InForce(-1, List.of(), List.of());

  public InForce {
    waivers = List.copyOf(waivers);
    maintenances = List.copyOf(maintenances);
  }

  /** Waivers that a host is under at that moment, the one that lasts longest first. */
  public List<Waiver> waivers(UUID host, String pool, Map<String, String> labels, Instant now) {
    if (waivers.isEmpty()) {
      return List.of();
    }
    return waivers.stream()
        .filter(w -> w.isInForce(now) && w.extent().covers(host, pool, labels))
        .toList();
  }

  /** The maintenance that a host is in at that moment; of several the one that lasts longest. */
  public Optional<Maintenance> maintenance(
      UUID host, String pool, Map<String, String> labels, Instant now) {
    return maintenances.stream()
        .filter(m -> m.lasts(now) && m.extent().covers(host, pool, labels))
        .max(Comparator.comparing(Maintenance::until).thenComparing(Maintenance::id));
  }
}
