/**
 * Publishes what this host's package databases say it should be, as its golden baseline.
 *
 * <p>{@link io.patina.collector.publishing.AsShippedPublisher} makes and signs it when the
 * databases have come to rest; {@code NormalState} says what the baseline holds beside files: what
 * was there at the first run, moved along only where a package moved it. A file that was altered
 * before the first run is not adopted as normal.
 */
@NullMarked
package io.patina.collector.publishing;

import org.jspecify.annotations.NullMarked;
