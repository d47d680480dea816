package io.patina.engine.catalogue;

/**
 * A baseline, active or not.
 *
 * @param state {@code draft}, {@code approved}, {@code rolling-out}, {@code active}, {@code
 *     superseded} or {@code retired}
 */
public record Waiting(Baseline baseline, String state) {}
