package io.patina.engine.judge;

import io.patina.engine.catalogue.BaselinePolicy;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
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
    long unproven) {}
