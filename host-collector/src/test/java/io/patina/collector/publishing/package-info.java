/** Tests of the room. */
@NullMarked
package io.patina.collector.publishing;

import org.jspecify.annotations.NullMarked;
