/**
 * Manifests by digest over HTTP: served from the database, fetched from configured stores.
 *
 * <p>{@link io.patina.engine.stores.ManifestResource} answers with what this engine holds; a digest
 * names one content for ever, so answers may be kept for ever. {@link
 * io.patina.engine.stores.ManifestStores} asks the directory and the other engines that the
 * configuration names, and nobody else; what they answer counts only if it has the digest.
 */
@NullMarked
package io.patina.engine.stores;

import org.jspecify.annotations.NullMarked;
