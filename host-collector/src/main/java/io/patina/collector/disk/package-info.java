/**
 * Writing so that it is still there after the power fails.
 *
 * <p>{@link io.patina.collector.disk.DurableFile} replaces a small file whole, or not at all. Used
 * for everything that the collector keeps in its state directory, except the spool, which appends.
 */
@NullMarked
package io.patina.collector.disk;

import org.jspecify.annotations.NullMarked;
