/**
 * A first baseline from what most hosts of a pool share.
 *
 * <p>{@link io.patina.promotion.Promotion} goes through the manifests of the hosts side by side and
 * gives a draft, proposed expectations, and the hosts that stand apart; {@link
 * io.patina.promotion.ProposedExpectations} writes the proposals as a file for people to edit.
 */
@NullMarked
package io.patina.promotion;

import org.jspecify.annotations.NullMarked;
