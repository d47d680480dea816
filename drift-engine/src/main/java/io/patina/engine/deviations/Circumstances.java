package io.patina.engine.deviations;

import com.google.protobuf.ByteString;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Under what a comparison was made.
 *
 * @param baseline statement compared with
 * @param origin what makes the names of this comparison's steps unique: the report's incarnation
 *     and sequence, or the catalogue's revision
 * @param observedAt broker's append time of the report, or the baseline's approval
 * @param settlesAt from when on what opens now weighs in the verdict
 * @param packageTransaction the host said that one was under way
 * @param becauseOfBaseline another baseline is compared with, the host is as it was
 * @param writers who wrote what changed, as far as the host told
 */
public record Circumstances(
    Digest baseline,
    ByteString origin,
    Instant observedAt,
    Instant settlesAt,
    boolean packageTransaction,
    boolean becauseOfBaseline,
    Map<FactKey, WrittenBy> writers) {

  public Circumstances {
    writers = Map.copyOf(writers);
  }

  /** Nobody knows who wrote. */
  public Circumstances(
      Digest baseline,
      ByteString origin,
      Instant observedAt,
      Instant settlesAt,
      boolean packageTransaction,
      boolean becauseOfBaseline) {
    this(baseline, origin, observedAt, settlesAt, packageTransaction, becauseOfBaseline, Map.of());
  }

  /** Origin of a report. */
  public static ByteString report(UUID incarnation, long sequence) {
    return ByteString.copyFromUtf8(incarnation + "/" + sequence);
  }

  /** Origin of a change in the catalogue. */
  public static ByteString revision(long revision) {
    return ByteString.copyFromUtf8("revision/" + revision);
  }
}
