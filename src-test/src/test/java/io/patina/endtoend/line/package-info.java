/**
 * The parts of the line as processes that a test starts, stops, kills and freezes, and the API as a
 * client sees it.
 *
 * <p>{@link io.patina.endtoend.line.TestLine} is one line in one directory; how its parts are
 * started is the local stack's own business ({@link io.patina.stack.line.Parts}), so that what is
 * tested is what {@code ./patina up} runs. {@link io.patina.endtoend.line.Await} waits for
 * conditions with a deadline.
 */
@NullMarked
package io.patina.endtoend.line;

import org.jspecify.annotations.NullMarked;
