/** Tests of the room. */
@NullMarked
package io.patina.collector.reports;

import org.jspecify.annotations.NullMarked;
