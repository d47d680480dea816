/**
 * The golden baselines: received, verified, approved, selected.
 *
 * <p>{@link io.patina.engine.catalogue.BaselineFeed} reads the topic from its beginning in every
 * replica and hands each envelope to {@link io.patina.engine.catalogue.BaselineIntake}, which
 * verifies it against the trust roots and keeps it as a draft; {@link io.patina.engine.life.Life}
 * takes it further. Every change of state takes one catalogue revision. {@link
 * io.patina.engine.catalogue.Catalogue} is what is active at a revision; ingest reads it in its own
 * transactions.
 */
@NullMarked
package io.patina.engine.catalogue;

import org.jspecify.annotations.NullMarked;
