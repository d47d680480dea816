package io.patina.engine.state;

import io.patina.fingerprint.Fingerprint;
import io.patina.manifest.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What comparison with a baseline left.
 *
 * @param baseline statement it was compared with; null if none selects it
 * @param baselineName its name, or empty
 * @param revision catalogue revision that selected it
 * @param open number of open deviations
 * @param unlisted of these, without a row: beyond the bound per host
 * @param unproven facts expected but not observed
 * @param signature drift signature; null if nothing differs
 */
public record Compared(
    @Nullable Digest baseline,
    String baselineName,
    long revision,
    long open,
    long unlisted,
    long unproven,
    @Nullable Fingerprint signature) {

  /** Instead of a revision: a person has decided something by which it must be asked again. */
  public static final long DECIDED = -2;

  /** Before the first comparison. */
  public static final Compared NONE = new Compared(null, "", -1, 0, 0, 0, null);

  /** The same under another revision of the catalogue. */
  Compared under(long other) {
    return new Compared(baseline, baselineName, other, open, unlisted, unproven, signature);
  }

  /** With other numbers of open deviations. */
  public Compared counting(long openNow, long unlistedNow) {
    return new Compared(
        baseline, baselineName, revision, openNow, unlistedNow, unproven, signature);
  }
}
