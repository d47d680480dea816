@NullMarked
package io.patina.collector.scanning;

import org.jspecify.annotations.NullMarked;
