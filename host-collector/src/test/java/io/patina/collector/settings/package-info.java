/** Tests of the room. */
@NullMarked
package io.patina.collector.settings;

import org.jspecify.annotations.NullMarked;
