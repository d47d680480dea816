/**
 * What happened, as immutable events, and what was so, as intervals of verdicts.
 *
 * <p>An {@link io.patina.engine.history.Event} has an id that follows from what caused it, so that
 * work that is done again after a crash writes it once. {@link io.patina.engine.history.EventTable}
 * keeps events and puts them into the outbox in the same transaction.
 */
@NullMarked
package io.patina.engine.history;

import org.jspecify.annotations.NullMarked;
