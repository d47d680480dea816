/**
 * What every package database tells: the packages it installed and, path by path, what they put
 * there.
 *
 * <p>The words shared by the readers of {@code dpkg} and {@code rpm}, and {@link
 * io.patina.collector.inventory.DatabaseFiles}, through which both read: always inside the observed
 * root, bounded, with "not there" and "not readable" kept apart.
 */
@NullMarked
package io.patina.collector.inventory;

import org.jspecify.annotations.NullMarked;
