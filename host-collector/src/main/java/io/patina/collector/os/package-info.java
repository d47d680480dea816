/**
 * Who the operating system says it is: os-release(5), read inside the observed root.
 *
 * <p>{@link OsProbe} finds and reads the file, {@link OsRelease} understands it: shell quoting,
 * comments, the last assignment wins, unknown fields are kept as they are.
 */
@NullMarked
package io.patina.collector.os;

import org.jspecify.annotations.NullMarked;
