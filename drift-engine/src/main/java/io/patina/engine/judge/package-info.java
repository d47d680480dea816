/**
 * From what is known of a host to one verdict, one sentence and one recommendation.
 *
 * <p>{@link io.patina.engine.judge.Judge} is the door: a pure function of a {@link
 * io.patina.engine.judge.Case} and the time. {@link io.patina.engine.judge.WeighingJudge} is the
 * simple one, with weights, a threshold and time to settle; a policy engine can take its place.
 */
@NullMarked
package io.patina.engine.judge;

import org.jspecify.annotations.NullMarked;
