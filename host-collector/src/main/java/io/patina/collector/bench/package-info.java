/**
 * Measures this collector's scan beside the tools that people use for the same, on the same files.
 *
 * <p>A {@link Race} runs {@link Contestant}s in turn, round after round, each after the files were
 * read once more so that the page cache is as warm for the last as for the first, and reports
 * medians of wall and CPU time, start-up included.
 */
@NullMarked
package io.patina.collector.bench;

import org.jspecify.annotations.NullMarked;
