/**
 * What each installation is: a reference manifest, an overlay of what differs from it, and what is
 * known of the machine that reports.
 *
 * <p>{@link io.patina.engine.state.Installation} is the light part that every heartbeat touches;
 * {@link io.patina.engine.state.Facts} is the heavy one, loaded when something changed. {@link
 * io.patina.engine.state.InstallationTable}, {@link io.patina.engine.state.OverlayTable}, {@link
 * io.patina.engine.state.SnapshotParts} and {@link io.patina.engine.state.ManifestTable} are their
 * SQL; {@link io.patina.engine.state.ManifestCache} keeps manifests that several hosts share.
 */
@NullMarked
package io.patina.engine.state;

import org.jspecify.annotations.NullMarked;
