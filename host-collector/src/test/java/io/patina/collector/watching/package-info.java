/** Tests of the room. */
@NullMarked
package io.patina.collector.watching;

import org.jspecify.annotations.NullMarked;
