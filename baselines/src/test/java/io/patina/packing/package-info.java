@NullMarked
package io.patina.packing;

import org.jspecify.annotations.NullMarked;
