/**
 * Lists of components: CycloneDX, SPDX, and the list of packages that Flatcar publishes.
 *
 * <p>They state packages. A component is matched with an installed package through its package URL;
 * what is no package of a system's package manager is kept out and counted.
 */
@NullMarked
package io.patina.imports.components;

import org.jspecify.annotations.NullMarked;
