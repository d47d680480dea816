/**
 * What is mounted where: {@code /proc/PID/mountinfo} read, parsed, and stated as facts.
 *
 * <p>{@link MountTable} is the pure parser and also tells a tree walk which mount points it must
 * not enter; {@code MountProbe} reads the table of process 1 (the host's view) and makes facts of
 * it. Options and file systems that change by themselves are left out.
 */
@NullMarked
package io.patina.collector.mounts;

import org.jspecify.annotations.NullMarked;
