/**
 * A baseline comes to its hosts wave by wave.
 *
 * <p>{@link io.patina.engine.rollout.Rollouts} starts a rollout and takes its steps, each in one
 * transaction with the stage of the baseline, one catalogue revision and the audit history; {@link
 * io.patina.engine.rollout.Advancing} takes the next wave by itself where that was asked for.
 * {@link io.patina.engine.rollout.Rollout} says in which wave a host is: ingest reads it with the
 * catalogue and writes where each host has come to; {@link io.patina.engine.rollout.Progress} adds
 * that up.
 */
@NullMarked
package io.patina.engine.rollout;

import org.jspecify.annotations.NullMarked;
