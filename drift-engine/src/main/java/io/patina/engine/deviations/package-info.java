/** Differences between a host and its baseline, as intervals. */
@NullMarked
package io.patina.engine.deviations;

import org.jspecify.annotations.NullMarked;
