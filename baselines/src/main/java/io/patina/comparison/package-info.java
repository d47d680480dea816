/**
 * What differs between a host and what is expected of it.
 *
 * <p>{@link io.patina.comparison.Comparer} holds an {@link io.patina.comparison.Expectation} list
 * and the places where a manifest is exhaustive, and answers for one key or for two whole manifests
 * with a {@link io.patina.comparison.Comparison}. {@link io.patina.comparison.DriftSignature} names
 * a set of differences.
 */
@NullMarked
package io.patina.comparison;

import org.jspecify.annotations.NullMarked;
