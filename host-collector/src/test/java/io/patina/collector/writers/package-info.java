/** Tests of the room. */
@NullMarked
package io.patina.collector.writers;

import org.jspecify.annotations.NullMarked;
