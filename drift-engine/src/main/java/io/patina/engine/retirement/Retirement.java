package io.patina.engine.retirement;

import java.time.Instant;
import java.util.UUID;

/**
 * A person's word that a life of a host is over.
 *
 * @param by who, as authenticated
 */
public record Retirement(
    UUID id, UUID host, UUID installation, String reason, String by, Instant at) {}
