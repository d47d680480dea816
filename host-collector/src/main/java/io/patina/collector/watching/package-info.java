/**
 * Notices changes of files as the kernel tells of them.
 *
 * <p>{@link io.patina.collector.watching.Watching} is the door. {@link
 * io.patina.collector.watching.FanotifyWatching} marks whole file systems and knows who wrote;
 * where a file system or the kernel refuses that, {@link
 * io.patina.collector.watching.InotifyWatching} watches directory by directory; where that is
 * refused too, polling has to stand in. {@link io.patina.collector.watching.WatchMode} chooses, by
 * trying.
 */
@NullMarked
package io.patina.collector.watching;

import org.jspecify.annotations.NullMarked;
