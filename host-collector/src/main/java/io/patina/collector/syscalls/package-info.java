/**
 * The Linux system calls that Java has no door for: byte paths relative to directory descriptors,
 * {@code statx}, directory listing, extended attributes, inotify, scheduling, {@code sd_notify}.
 *
 * <p>The only room that touches JNA. Every call answers as the kernel does: a result that is zero
 * or more, or the negated {@link Errno}; expected failures are values, never exceptions. {@link
 * SystemCalls} is one thread's set of reusable buffers, {@link Inotify} one watching descriptor
 * that any thread can interrupt, {@link Politeness} the scheduling of the calling thread.
 *
 * <p>x86_64 and aarch64, Linux 4.11 or newer ({@code statx}); {@code openat2} is used where it is.
 */
@NullMarked
package io.patina.collector.syscalls;

import org.jspecify.annotations.NullMarked;
