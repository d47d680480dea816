/** Tests of the system calls against the running kernel. */
@NullMarked
package io.patina.collector.syscalls;

import org.jspecify.annotations.NullMarked;
