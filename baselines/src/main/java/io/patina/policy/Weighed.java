package io.patina.policy;

import io.patina.comparison.Difference;
import java.time.Instant;

/**
 * A deviation and what the policy says of it.
 *
 * @param from when it begins to weigh
 * @param ageFrom when the host began to differ
 */
public record Weighed(Difference difference, Answer answer, Instant from, Instant ageFrom) {}
