/** Tests of reading os-release. */
@NullMarked
package io.patina.collector.os;

import org.jspecify.annotations.NullMarked;
