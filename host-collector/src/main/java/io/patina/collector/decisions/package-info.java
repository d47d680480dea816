/**
 * The commands by which people decide of hosts, asked of the engine: {@code patina waiver}, {@code
 * patina maintenance} and {@code patina host}.
 */
@NullMarked
package io.patina.collector.decisions;

import org.jspecify.annotations.NullMarked;
