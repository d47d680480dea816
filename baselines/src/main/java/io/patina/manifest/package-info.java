/**
 * Complete, sorted facts and gaps of one system under one scope.
 *
 * <p>A {@link io.patina.manifest.Manifest} is its canonical bytes with an index over them; it is
 * immutable and named by their SHA-256. {@link io.patina.manifest.ManifestBuilder} makes one from
 * entries in order, {@link io.patina.manifest.ManifestFile} keeps one on disk, {@link
 * io.patina.manifest.ManifestStore} keeps many by digest, {@link io.patina.manifest.ManifestNdjson}
 * shows one to people and scripts.
 */
@NullMarked
package io.patina.manifest;

import org.jspecify.annotations.NullMarked;
