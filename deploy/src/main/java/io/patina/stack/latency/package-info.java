/**
 * How long a change on disk takes until people and machines can see it.
 *
 * <p>{@link io.patina.stack.latency.LiveMeasurement} changes a file and watches the API and the
 * topic of drift events, both as any client would; {@link io.patina.stack.latency.Spread} sums the
 * times up.
 */
@NullMarked
package io.patina.stack.latency;

import org.jspecify.annotations.NullMarked;
