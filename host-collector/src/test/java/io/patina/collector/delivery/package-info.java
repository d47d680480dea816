/** Tests of the room. */
@NullMarked
package io.patina.collector.delivery;

import org.jspecify.annotations.NullMarked;
