/**
 * The baseline that an image carries with it: its signed statement and its manifest, at a fixed
 * place below the root.
 *
 * <p>{@link io.patina.collector.embedded.Embedding} puts them there when the image is made. {@link
 * io.patina.collector.embedded.EmbeddedBaseline} reads them on the host: what a trusted key signed
 * is what snapshots state their difference from, so that a host which is as its image was made says
 * next to nothing. {@link io.patina.collector.embedded.EngineHolds} asks the engine, if one is
 * configured, whether it holds that manifest.
 */
@NullMarked
package io.patina.collector.embedded;

import org.jspecify.annotations.NullMarked;
