/**
 * Golden baselines: what a pool of hosts should be.
 *
 * <p>{@link io.patina.golden.GoldenBaseline} says everything but the facts, which are a manifest
 * named by digest; {@link io.patina.golden.BaselineStatement} is its signed form, an in-toto
 * statement in a DSSE envelope.
 */
@NullMarked
package io.patina.golden;

import org.jspecify.annotations.NullMarked;
