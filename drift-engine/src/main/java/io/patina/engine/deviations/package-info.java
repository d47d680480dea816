/**
 * Differences between a host and its baseline, as intervals.
 *
 * <p>{@link io.patina.engine.deviations.Deviations} holds what is open on one installation and
 * turns answers of comparison into {@link io.patina.engine.deviations.Step}s; {@link
 * io.patina.engine.deviations.Causes} says why, by {@link io.patina.engine.deviations.Authors}
 * where the writer is known, with {@link io.patina.engine.deviations.Evidence}; {@link
 * io.patina.engine.deviations.Groups} puts those of one cause and time together. {@link
 * io.patina.engine.deviations.DeviationTable} and {@link io.patina.engine.deviations.GroupTable}
 * are the SQL. Everything but that is pure.
 */
@NullMarked
package io.patina.engine.deviations;

import org.jspecify.annotations.NullMarked;
