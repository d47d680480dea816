@NullMarked
package io.patina.collector.supervision;

import org.jspecify.annotations.NullMarked;
