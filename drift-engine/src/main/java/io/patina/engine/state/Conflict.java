package io.patina.engine.state;

import java.time.Instant;

/**
 * Two live machines report under one identity, or one went back in time.
 *
 * @param at last evidence of it
 */
public record Conflict(Instant since, Instant at, String reason) {}
