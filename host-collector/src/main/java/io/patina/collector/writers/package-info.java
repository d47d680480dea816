/**
 * Which process wrote: what {@code /proc} says of it, read as soon as the kernel names it.
 *
 * <p>{@link io.patina.collector.writers.Processes} reads, {@link
 * io.patina.collector.writers.ControlGroupText} understands, {@link
 * io.patina.collector.writers.Writer} is the answer. A process chooses its own name and much of the
 * rest: all of it is bounded, and none of it is proof.
 */
@NullMarked
package io.patina.collector.writers;

import org.jspecify.annotations.NullMarked;
