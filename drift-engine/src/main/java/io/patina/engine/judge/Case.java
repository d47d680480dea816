package io.patina.engine.judge;

import io.patina.engine.catalogue.BaselinePolicy;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
import io.patina.engine.state.Transit;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * All that a verdict depends on.
 *
 * @param lastSeen when the host was last heard
 * @param policy by what the host is judged; empty if no baseline selects it
 * @param labels assigned labels of the host
 * @param unproven facts expected but not observed
 * @param transit where it is in the rollout of its baseline; empty if there is none
 * @param unknownImage the image that it runs, if no approved baseline is of that
 */
public record Case(
    Standing before,
    Sync sync,
    Optional<Conflict> conflict,
    boolean silent,
    Instant lastSeen,
    Optional<BaselinePolicy> policy,
    Map<String, String> labels,
    Collection<Deviation> open,
    long unproven,
    Optional<Transit> transit,
    Optional<UnknownImage> unknownImage) {

  /**
   * An image that no approved baseline is of.
   *
   * @param waiting a baseline of it that waits for somebody, with its stage
   */
  public record UnknownImage(String image, Optional<String> waiting) {}

  /** The same host, if only these were open and its baseline were not being rolled out. */
  public Case ifOnly(Collection<Deviation> these) {
    return new Case(
        before,
        sync,
        conflict,
        silent,
        lastSeen,
        policy,
        labels,
        these,
        unproven,
        Optional.empty(),
        unknownImage);
  }

  /** Of a host whose baseline is not being rolled out, and whose image is no matter. */
  public Case(
      Standing before,
      Sync sync,
      Optional<Conflict> conflict,
      boolean silent,
      Instant lastSeen,
      Optional<BaselinePolicy> policy,
      Map<String, String> labels,
      Collection<Deviation> open,
      long unproven) {
    this(
        before,
        sync,
        conflict,
        silent,
        lastSeen,
        policy,
        labels,
        open,
        unproven,
        Optional.empty(),
        Optional.empty());
  }
}
