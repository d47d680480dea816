/**
 * The command line: {@link Patina} with its subcommands.
 *
 * <p>{@code capture} writes a manifest, {@code check} compares the host with one or with what its
 * packages shipped, {@code bench scan} measures. A {@link CheckReport} is the answer as data;
 * {@link CheckText} and {@link CheckJson} show it. Whatever comes from the host is escaped on its
 * way to a terminal.
 */
@NullMarked
package io.patina.collector.commands;

import org.jspecify.annotations.NullMarked;
