/**
 * mtree(5): the specification of a file hierarchy as the BSDs, libarchive and go-mtree write it.
 *
 * <p>{@link io.patina.imports.mtree.MtreeReader} understands all dialects, {@link
 * io.patina.imports.mtree.MtreeWriter} writes the one that all of them read.
 */
@NullMarked
package io.patina.imports.mtree;

import org.jspecify.annotations.NullMarked;
