package io.patina.engine.maintenance;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that was recorded and not told.
 *
 * @param event that was recorded
 * @param group that was to be told of; empty if it is a verdict
 * @param verdict the one before; empty if it is a group
 */
public record Held(
    UUID event,
    UUID installation,
    String kind,
    Optional<UUID> group,
    Optional<String> verdict,
    Instant at) {}
