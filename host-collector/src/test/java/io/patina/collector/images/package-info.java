@NullMarked
package io.patina.collector.images;

import org.jspecify.annotations.NullMarked;
