/**
 * What all decisions about hosts have in common: which hosts they are for, and what keeps them.
 *
 * <p>A decision is written by the API with the next revision of {@link
 * io.patina.engine.decisions.DecisionTable}, kept by {@link io.patina.engine.decisions.Keeping} in
 * the audit history and mirrored to a topic, all in one transaction. The owner of each partition
 * looks anew at the hosts of its {@link io.patina.engine.decisions.Extent}.
 */
@NullMarked
package io.patina.engine.decisions;

import org.jspecify.annotations.NullMarked;
