/** Tests of the room. */
@NullMarked
package io.patina.collector.identity;

import org.jspecify.annotations.NullMarked;
