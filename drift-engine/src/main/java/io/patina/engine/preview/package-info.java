/**
 * What would change if a baseline were active now.
 *
 * <p>{@link io.patina.engine.preview.Preview} picks hosts of every pool that the baseline selects,
 * compares their stored facts with it and asks the judge, as ingest would; nothing is written and
 * no host is asked. A pool is sampled above a bound, and the answer says so. {@link
 * io.patina.engine.preview.PreviewJobs} does the same for large fleets in the background.
 */
@NullMarked
package io.patina.engine.preview;

import org.jspecify.annotations.NullMarked;
