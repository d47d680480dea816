/**
 * What is known of the fleet, read from PostgreSQL and answered under {@code /api/v1}.
 *
 * <p>One class per aggregate holds its SQL ({@link io.patina.engine.fleet.FleetCounts}, {@link
 * io.patina.engine.fleet.Hosts}, {@link io.patina.engine.fleet.Deviations}, {@link
 * io.patina.engine.fleet.Timeline}, {@link io.patina.engine.fleet.Baselines}) and gives the records
 * that the API answers as they are. Lists are {@link io.patina.engine.fleet.Listed}: keyset paging
 * by an opaque cursor, so that a page costs the same wherever it is and nothing is seen twice. The
 * pages and metrics read through the same classes.
 */
@NullMarked
package io.patina.engine.fleet;

import org.jspecify.annotations.NullMarked;
