/**
 * Debian's package database, read without running dpkg.
 *
 * <p>{@link io.patina.collector.dpkg.DpkgDatabase} reads {@code /var/lib/dpkg} and what stands
 * beside it (the journal of updates, alternatives, ucf's register, the links that
 * deb-systemd-helper recorded); every other class here is a pure parser of one of its formats, as
 * in dpkg(1), deb822(5), dpkg-divert(1), update-alternatives(1) and dpkg's {@code
 * lib/dpkg/fsys-*.c}.
 */
@NullMarked
package io.patina.collector.dpkg;

import org.jspecify.annotations.NullMarked;
