/**
 * How a command asks the engine, and how any command answers.
 *
 * <p>{@link io.patina.collector.asking.Engine} is the engine over HTTP with its options, {@link
 * io.patina.collector.asking.Asking} a command that asks it one thing, {@link
 * io.patina.collector.asking.Answer} lines for people or one JSON object, {@link
 * io.patina.collector.asking.CommandFailure} what keeps a command from its work.
 */
@NullMarked
package io.patina.collector.asking;

import org.jspecify.annotations.NullMarked;
