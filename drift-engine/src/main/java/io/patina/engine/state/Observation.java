package io.patina.engine.state;

import io.patina.fingerprint.Fingerprint;
import io.patina.manifest.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of the installation is known, in figures.
 *
 * @param reference manifest that the overlay differs from; null before the first snapshot
 * @param referenceSince when the snapshot that named it was taken
 * @param fingerprint last one that was proven
 * @param lost reports or resolution lost on the host, as it says
 */
public record Observation(
    @Nullable Digest reference,
    @Nullable Instant referenceSince,
    @Nullable Fingerprint fingerprint,
    int overlaySize,
    long facts,
    long gaps,
    @Nullable Instant lastFullCompare,
    long lost,
    String watching) {

  /** Before the first snapshot. */
  public static final Observation NONE = new Observation(null, null, null, 0, 0, 0, null, 0, "");

  /** Figures that come with every kind of report. */
  public Observation covering(
      long facts, long gaps, @Nullable Instant lastFullCompare, long lost, String watching) {
    return new Observation(
        reference,
        referenceSince,
        fingerprint,
        overlaySize,
        facts,
        gaps,
        lastFullCompare,
        lost,
        watching);
  }

  /** What a complete snapshot or a proven delta leaves. */
  public Observation proven(
      Digest reference, Instant referenceSince, Fingerprint fingerprint, int overlaySize) {
    return new Observation(
        reference,
        referenceSince,
        fingerprint,
        overlaySize,
        facts,
        gaps,
        lastFullCompare,
        lost,
        watching);
  }
}
