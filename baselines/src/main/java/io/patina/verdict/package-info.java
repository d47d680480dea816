/**
 * From differences to a sentence that a person can act on.
 *
 * <p>{@link io.patina.verdict.Policy} says what each kind of difference weighs, {@link
 * io.patina.verdict.Tally} counts them, and {@link io.patina.verdict.Assessment} is the outcome at
 * one moment. Time (grace, hysteresis, silence) is the engine's business.
 */
@NullMarked
package io.patina.verdict;

import org.jspecify.annotations.NullMarked;
