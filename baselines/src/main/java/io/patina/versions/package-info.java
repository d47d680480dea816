/**
 * The orders of versions: which of two is newer depends on who numbered them.
 *
 * <p>{@link io.patina.versions.VersionOrder} has dpkg's, rpm's and a general one.
 */
@NullMarked
package io.patina.versions;

import org.jspecify.annotations.NullMarked;
