/**
 * Pools judged as a whole: how many ways of differing there are and what separates them, who stands
 * apart, who drifts again after every reimage, and whether so much turned together that the
 * baseline is the suspect.
 *
 * <p>{@link io.patina.engine.pools.Separation}, {@link io.patina.engine.pools.Scriptlets} and
 * {@link io.patina.engine.pools.TurnRules} decide and are pure. {@link
 * io.patina.engine.pools.PoolCounts} and {@link io.patina.engine.pools.Turns} are kept by ingest,
 * in its transactions; {@link io.patina.engine.pools.Pools} reads.
 */
@NullMarked
package io.patina.engine.pools;

import org.jspecify.annotations.NullMarked;
