/**
 * Which baseline a host is held against, why, and what it answers.
 *
 * <p>{@link io.patina.engine.selection.Choosing} chooses, during a rollout between the versions;
 * {@link io.patina.engine.selection.Comparisons} compares a host's facts with the chosen one,
 * {@link io.patina.engine.selection.AnswersOfPairs} once for all hosts of one reference. {@link
 * io.patina.engine.selection.Explanation} weighs every baseline as {@link
 * io.patina.engine.catalogue.Catalogue#select} does and gives each a reason; {@link
 * io.patina.engine.selection.ExplainResource} answers with it.
 */
@NullMarked
package io.patina.engine.selection;

import org.jspecify.annotations.NullMarked;
