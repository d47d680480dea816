package io.patina.collector.live;

import io.patina.packing.Scratch;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What scans may take, and where they keep what they know.
 *
 * @param cpuShare of one core, for every scan but the first
 * @param bytesPerSecond of content read, likewise
 * @param scratch where facts are kept
 * @param versions directory of the versions that were seen; empty to begin anew at each start
 */
public record ScanPolicy(
    double cpuShare, long bytesPerSecond, Scratch scratch, Optional<Path> versions) {
  /** As fast as it goes, nothing on disk. */
  public static final ScanPolicy UNBOUNDED =
      new ScanPolicy(64, Long.MAX_VALUE, Scratch.MEMORY, Optional.empty());
}
