/**
 * Sources of baselines that need this machine: a tree on it, an image that its kernel mounts, an
 * ostree repository that its {@code ostree} reads.
 *
 * <p>Nothing of a source is ever run; an image is mounted read-only without devices and programs.
 */
@NullMarked
package io.patina.collector.images;

import org.jspecify.annotations.NullMarked;
