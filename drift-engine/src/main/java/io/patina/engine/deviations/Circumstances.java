package io.patina.engine.deviations;

import com.google.protobuf.ByteString;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Under what a comparison was made.
 *
 * @param baseline statement compared with
 * @param origin what makes the names of this comparison's steps unique: the report's incarnation
 *     and sequence, or the catalogue's revision
 * @param observedAt broker's append time of the report, or the baseline's approval
 * @param settlesAt from when on what opens now weighs in the verdict; not after {@code observedAt}
 *     if it need not settle
 * @param packageTransaction the host said that one was under way
 * @param becauseOfBaseline another baseline is compared with, the host is as it was
 * @param writers who wrote what changed, as far as the host told
 * @param updated packages that the same report shows to have changed
 */
public record Circumstances(
    Digest baseline,
    ByteString origin,
    Instant observedAt,
    Instant settlesAt,
    boolean packageTransaction,
    boolean becauseOfBaseline,
    Map<FactKey, WrittenBy> writers,
    Set<FactKey> updated) {

  public Circumstances {
    writers = Map.copyOf(writers);
    updated = Set.copyOf(updated);
  }

  /** Nobody knows who wrote. */
  public Circumstances(
      Digest baseline,
      ByteString origin,
      Instant observedAt,
      Instant settlesAt,
      boolean packageTransaction,
      boolean becauseOfBaseline) {
    this(
        baseline,
        origin,
        observedAt,
        settlesAt,
        packageTransaction,
        becauseOfBaseline,
        Map.of(),
        Set.of());
  }

  Circumstances against(Digest other) {
    return new Circumstances(
        other,
        origin,
        observedAt,
        settlesAt,
        packageTransaction,
        becauseOfBaseline,
        writers,
        updated);
  }

  Circumstances withUpdated(Set<FactKey> packages) {
    return new Circumstances(
        baseline,
        origin,
        observedAt,
        settlesAt,
        packageTransaction,
        becauseOfBaseline,
        writers,
        packages);
  }

  /** Whether what opens now may still turn out to be something else. */
  boolean mustSettle() {
    return settlesAt.isAfter(observedAt) && !becauseOfBaseline;
  }

  /** Origin of a report. */
  public static ByteString report(UUID incarnation, long sequence) {
    return ByteString.copyFromUtf8(incarnation + "/" + sequence);
  }

  /**
   * Origin of a change in the catalogue, or of a person's decision about the host.
   *
   * @param decisions how many there were
   */
  public static ByteString revision(long revision, long decisions) {
    return ByteString.copyFromUtf8(
        "revision/" + revision + (decisions == 0 ? "" : "/decision/" + decisions));
  }
}
