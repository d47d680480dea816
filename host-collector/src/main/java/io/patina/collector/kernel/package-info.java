/**
 * The running kernel as facts: release, version, taint, command line, build configuration, loaded
 * modules, and the sysctls in scope.
 *
 * <p>{@link KernelProbe} reads {@code /proc} and {@code /sys} and the configuration file of the
 * running release; {@link KernelConfig} and {@link CommandLine} are the pure parsers. Secrets on
 * the command line never leave the host.
 */
@NullMarked
package io.patina.collector.kernel;

import org.jspecify.annotations.NullMarked;
