package io.patina.engine.judge;

import io.patina.engine.deviations.Deviation;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Standing;
import io.patina.engine.state.Sync;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * All that a verdict depends on.
 *
 * @param lastSeen when the host was last heard
 * @param policy name of the baseline's policy; empty if no baseline selects the host
 * @param unproven facts expected but not observed
 */
public record Case(
    Standing before,
    Sync sync,
    Optional<Conflict> conflict,
    boolean silent,
    Instant lastSeen,
    Optional<String> policy,
    Collection<Deviation> open,
    long unproven) {}
