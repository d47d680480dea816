package io.patina.engine.state;

import java.time.Instant;

/**
 * Why reports of an installation are not taken any more.
 *
 * @param at when that was decided
 * @param reason a sentence without its full stop, safe to print
 */
public record Barred(Instant at, String reason) {}
