package io.patina.engine.deviations;

import io.patina.comparison.DriftSignature;
import io.patina.engine.state.Since;
import io.patina.manifest.Digest;
import java.time.Instant;
import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One host's part in a {@link DriftSet}: an interval for all of its members but some. Not safe for
 * use by several threads.
 */
public final class Share {

  private final UUID id;
  private final DriftSet set;
  private final BitSet without;
  private final @Nullable UUID group;
  private final Digest baseline;
  private final Instant factSince;
  private final Since onset;
  private final Instant settlesAt;
  private final Instant observedAt;

  /**
   * @param without numbers of members that are not this host's, or have rows
   * @param group of all of them
   * @param baseline statement compared with
   * @param onset bounds of all of their onsets
   */
  @SuppressWarnings("TooManyParameters") // the columns of a row
  Share(
      UUID id,
      DriftSet set,
      BitSet without,
      @Nullable UUID group,
      Digest baseline,
      Instant factSince,
      Since onset,
      Instant settlesAt,
      Instant observedAt) {
    this.id = id;
    this.set = set;
    this.without = (BitSet) without.clone();
    this.group = group;
    this.baseline = baseline;
    this.factSince = factSince;
    this.onset = onset;
    this.settlesAt = settlesAt;
    this.observedAt = observedAt;
  }

  UUID id() {
    return id;
  }

  DriftSet set() {
    return set;
  }

  @Nullable UUID group() {
    return group;
  }

  Digest baseline() {
    return baseline;
  }

  Instant factSince() {
    return factSince;
  }

  Since onset() {
    return onset;
  }

  Instant settlesAt() {
    return settlesAt;
  }

  Instant observedAt() {
    return observedAt;
  }

  /** How many of its set are this host's. */
  int size() {
    return set.members().size() - without.cardinality();
  }

  boolean has(int number) {
    return number >= 0 && number < set.members().size() && !without.get(number);
  }

  void openIn(DriftSignature signature) {
    set.openIn(signature);
    without.stream().forEach(n -> signature.close(set.members().get(n).difference()));
  }

  void release(int number) {
    without.set(number);
  }

  /** As the column has them. */
  Integer[] withoutNumbers() {
    return without.stream().boxed().toArray(Integer[]::new);
  }
}
