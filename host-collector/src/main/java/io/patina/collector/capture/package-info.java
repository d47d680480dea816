/**
 * All probes under one scope, to one manifest.
 *
 * <p>{@link Capture} is the door: it walks the files and asks the other probes, each for the facet
 * that the scope names. Facts that only a running system has (kernel, mounts, the state of units)
 * are stated of the live root alone; of another root they are not applicable, which is no gap.
 */
@NullMarked
package io.patina.collector.capture;

import org.jspecify.annotations.NullMarked;
