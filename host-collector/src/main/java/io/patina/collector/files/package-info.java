/**
 * The files of a host as facts: byte paths end to end, nothing outside the root, links never
 * followed.
 *
 * <p>Doors: {@link RootDirectory} confines every path to the observed root; {@link TreeWalk} gives
 * everything in scope (or below one path) as a sorted {@link Harvest}; {@link FileObserver} looks
 * at one path again and says what is there now; {@link RootFiles} reads the small files that other
 * probes parse. {@link KnownVersions} lets a running collector skip what it has already read.
 */
@NullMarked
package io.patina.collector.files;

import org.jspecify.annotations.NullMarked;
