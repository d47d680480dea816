/** Immutable events and verdict intervals. */
@NullMarked
package io.patina.engine.history;

import org.jspecify.annotations.NullMarked;
