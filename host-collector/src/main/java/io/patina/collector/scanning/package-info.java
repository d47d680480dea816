/**
 * What makes scans cheap: {@link io.patina.collector.scanning.VersionTable} remembers which
 * versions of files the state was made from, also on disk, so that a rescan looks no further where
 * nothing has changed; {@link io.patina.collector.scanning.Difference} takes what a walk sees and
 * says what differs from the state, without gathering the rest; {@link
 * io.patina.collector.scanning.Budget} keeps a scan below its share of CPU and disk; {@link
 * io.patina.collector.scanning.FullCompares} says when every byte is due again.
 */
@NullMarked
package io.patina.collector.scanning;

import org.jspecify.annotations.NullMarked;
