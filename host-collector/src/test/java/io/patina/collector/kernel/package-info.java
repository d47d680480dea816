/** Tests of understanding the kernel's files. */
@NullMarked
package io.patina.collector.kernel;

import org.jspecify.annotations.NullMarked;
