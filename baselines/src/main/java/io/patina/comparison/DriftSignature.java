package io.patina.comparison;

import io.patina.fingerprint.Fingerprint;
import io.patina.fingerprint.LtHash16;
import java.util.Optional;

/**
 * The name of a host's open differences: equal for hosts that drifted alike, absent for every
 * conforming host, whatever its name and address. Follows a change in constant time. Not safe for
 * use by several threads.
 */
public final class DriftSignature {

  private final LtHash16 hash = new LtHash16();
  private int size;

  public void open(Difference difference) {
    hash.add(difference.canonical());
    size++;
  }

  /** Opens everything that is open in another, none of which is open here. */
  public void openAll(DriftSignature other) {
    hash.addAll(other.hash);
    size += other.size;
  }

  /** Removes a difference that was opened exactly so. */
  public void close(Difference difference) {
    if (size == 0) {
      throw new IllegalStateException("no difference is open");
    }
    hash.remove(difference.canonical());
    size--;
  }

  /** The signature; empty if nothing differs. */
  public Optional<Fingerprint> value() {
    return size == 0 ? Optional.empty() : Optional.of(hash.fingerprint());
  }
}
