/**
 * What went wrong with a request, as RFC 9457 problem details.
 *
 * <p>Rooms throw {@link io.patina.engine.problems.ProblemException} at the HTTP edge only; {@link
 * io.patina.engine.problems.Problems} turns it, and everything the framework throws, into {@code
 * application/problem+json}. Nothing internal (class names, SQL) reaches an answer.
 */
@NullMarked
package io.patina.engine.problems;

import org.jspecify.annotations.NullMarked;
