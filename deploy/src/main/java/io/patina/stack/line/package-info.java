/**
 * The whole line on one machine: what {@code ./patina up}, {@code down} and {@code status} do.
 *
 * <p>{@link io.patina.stack.line.Parts} says what runs (database, broker, engine, collector),
 * {@link io.patina.stack.line.Supervisor} starts the parts in order, waits for each until it
 * answers, restarts what dies and stops all in the opposite order. What it knows is one {@link
 * io.patina.stack.line.LineState}, written to {@code run/state.json}; everything printed is drawn
 * from that. A process is only ever signalled through a {@link io.patina.stack.line.ProcessRecord},
 * which cannot name somebody else's recycled pid.
 */
@NullMarked
package io.patina.stack.line;

import org.jspecify.annotations.NullMarked;
