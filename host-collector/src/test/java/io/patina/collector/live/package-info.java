/** Tests of the room. */
@NullMarked
package io.patina.collector.live;

import org.jspecify.annotations.NullMarked;
