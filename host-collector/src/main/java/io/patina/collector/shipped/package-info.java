/**
 * The as-shipped baseline: what the host's own package databases say was installed.
 *
 * <p>The door is {@link io.patina.collector.shipped.AsShipped#of}, a pure function of the
 * databases, the observed manifest and the declarations: {@code ClaimTable} gathers what every
 * package claims about a path, {@code Expected} turns the claims on one path and what was observed
 * there into the attributes to expect, {@link io.patina.collector.shipped.DeclaredFiles} (the data
 * in {@code declared.yaml}) says which files no package owns and yet belong to a pristine system.
 */
@NullMarked
package io.patina.collector.shipped;

import org.jspecify.annotations.NullMarked;
