/** Tests of reading mount tables. */
@NullMarked
package io.patina.collector.mounts;

import org.jspecify.annotations.NullMarked;
