/** The approved golden baselines. */
@NullMarked
package io.patina.engine.catalogue;

import org.jspecify.annotations.NullMarked;
