/** Tests of the local stack as a whole. */
@NullMarked
package io.patina.stack;

import org.jspecify.annotations.NullMarked;
