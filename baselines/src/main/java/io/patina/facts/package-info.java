/**
 * What is true of a host: facts, their keys and attributes, and the gaps where nothing could be
 * observed.
 *
 * <p>The ground floor: everything else in Patina speaks these words. An {@link
 * io.patina.facts.Entry} is one fact or one gap as bytes, exactly as a collector sent it; a {@link
 * io.patina.facts.Fact} is its typed reading.
 */
@NullMarked
package io.patina.facts;

import org.jspecify.annotations.NullMarked;
