/** Tests of walking and observing on real file systems, with names and files that mean harm. */
@NullMarked
package io.patina.collector.files;

import org.jspecify.annotations.NullMarked;
