/**
 * The package databases of a root, whichever managers it has.
 *
 * <p>The door is {@link io.patina.collector.packages.PackageDatabases}: it finds dpkg's and rpm's
 * databases under a root, turns them into package facts, and hands out what they ship. None of the
 * host's programs is run.
 */
@NullMarked
package io.patina.collector.packages;

import org.jspecify.annotations.NullMarked;
