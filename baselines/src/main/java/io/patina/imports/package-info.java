/**
 * Baselines made from what others publish: manifests of mtree, archives, images, component lists,
 * policies of other tools.
 *
 * <p>A reader of a format puts what its source states into a {@link io.patina.imports.Gathering},
 * which holds it to a scope and to declared limits and makes an {@link io.patina.imports.Imported}:
 * a manifest, what the source cannot say, and what was left out. Every source is taken for hostile.
 * Each family of formats has its own room below this one, with its writer beside its reader.
 */
@NullMarked
package io.patina.imports;

import org.jspecify.annotations.NullMarked;
