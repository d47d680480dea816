package io.patina.policy;

import io.patina.verdict.Severity;
import java.time.Duration;

/**
 * What a policy says of one deviation.
 *
 * @param rule name of the rule that decided
 * @param weight points, 0 to 100
 * @param atMost most points that all deviations of the rule give together, 0 to 100
 * @param tolerance for how long the host may differ before the deviation weighs
 */
public record Answer(String rule, Severity severity, int weight, int atMost, Duration tolerance) {}
