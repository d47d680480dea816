/**
 * Why a baseline applies to a host, or none does.
 *
 * <p>{@link io.patina.engine.selection.Explanation} weighs every baseline as {@link
 * io.patina.engine.catalogue.Catalogue#select} does and gives each a reason; {@link
 * io.patina.engine.selection.ExplainResource} answers with it.
 */
@NullMarked
package io.patina.engine.selection;

import org.jspecify.annotations.NullMarked;
