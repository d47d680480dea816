/** Tests of the spool. */
@NullMarked
package io.patina.collector.spool;

import org.jspecify.annotations.NullMarked;
