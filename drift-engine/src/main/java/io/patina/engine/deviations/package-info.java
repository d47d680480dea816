/**
 * Differences between a host and its baseline, as intervals.
 *
 * <p>{@link io.patina.engine.deviations.Deviations} holds what is open on one installation and
 * turns answers of comparison into {@link io.patina.engine.deviations.Step}s; {@link
 * io.patina.engine.deviations.Causes} says why, where simple rules can; {@link
 * io.patina.engine.deviations.DeviationTable} is the SQL. Everything but that is pure.
 */
@NullMarked
package io.patina.engine.deviations;

import org.jspecify.annotations.NullMarked;
