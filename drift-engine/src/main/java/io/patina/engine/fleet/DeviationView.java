package io.patina.engine.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.patina.engine.waivers.Waiver;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One deviation as the API and the pages show it.
 *
 * @param key as text; where it is not valid UTF-8, escaped, and then {@code keyBytes} is exact
 * @param keyBytes the key in base64, only where it is not valid UTF-8
 * @param kind a {@link io.patina.comparison.Difference.Kind#wireName()}
 * @param expected the attributes that differ, as the baseline has them: text, digests hexadecimal
 * @param actual the same attributes as they are, or were last while it was open
 * @param owner package that owns what was expected
 * @param driftClass the kind of difference that policies weigh
 * @param because what the cause rests on; left out where it follows from what differs
 * @param group id of the deviations of one cause at one time that it belongs to; left out while its
 *     cause is pending
 * @param factSince the fact has been as it is at least since then, deviating or not
 * @param onset since when it deviates
 * @param end when it ended; null while open
 * @param observedAt when the report that showed it reached the broker
 * @param recordedAt when the engine wrote it
 * @param writtenBy who made it so when it opened; left out where nobody knows
 * @param waived by which waiver it does not weigh; left out unless it is open and waived
 * @param changes how often the actual value changed while open
 * @param restless left out unless it is volatile
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeviationView(
    String id,
    String facet,
    String key,
    @Nullable String keyBytes,
    String kind,
    Map<String, String> expected,
    Map<String, String> actual,
    @Nullable String owner,
    String driftClass,
    String cause,
    @Nullable String because,
    @Nullable String group,
    String state,
    Instant factSince,
    Between onset,
    @Nullable Between end,
    @Nullable String endCause,
    Instant observedAt,
    Instant recordedAt,
    @Nullable Instant closedObservedAt,
    @Nullable Instant closedRecordedAt,
    Instant settlesAt,
    int changes,
    @Nullable String previous,
    @Nullable WrittenBy writtenBy,
    @JsonProperty("volatile") @Nullable Restless restless,
    @Nullable Waived waived) {

  /**
   * A fact that changes all the time: its further changes are counted and not told.
   *
   * @param since from when on they are
   * @param changes how often it has changed since {@code first}
   * @param asExpected whether it is as expected just now; the interval goes on until it stands
   *     still
   */
  public record Restless(
      Instant since, int changes, Instant first, Instant last, boolean asExpected) {}

  /** By which waiver it does not weigh now, and until when. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Waived(String waiver, String reason, String ticket, String owner, Instant until) {
    static Waived of(Waiver w) {
      return new Waived(w.id().toString(), w.reason(), w.ticket(), w.owner(), w.expiresAt());
    }
  }

  /**
   * The process that wrote, as its host told. It chose its name itself: evidence, not proof.
   *
   * @param loginUser login uid, where the host is told to report persons
   * @param pod {@code namespace/name}, or its uid
   * @param root its root directory, where that was not the host's
   * @param script what it ran, where it is an interpreter
   * @param ancestors names, the parent first
   * @param containerName what the runtime calls the container
   * @param inHostMounts of a container, and yet it saw the host's mounts
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WrittenBy(
      long pid,
      @Nullable String command,
      @Nullable String executable,
      @Nullable String unit,
      @Nullable String container,
      @Nullable Long loginUser,
      @Nullable String pod,
      @Nullable String image,
      @Nullable String root,
      @Nullable String script,
      @Nullable List<String> ancestors,
      @Nullable String containerName,
      @Nullable Boolean inHostMounts) {}

  /**
   * A moment, exact or bounded by two observations.
   *
   * @param earliest equal to {@code latest} if exact; null if nothing bounds it: it was so when
   *     first seen
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Between(@Nullable Instant earliest, Instant latest) {
    /** Whether the moment itself was seen. */
    public boolean exact() {
      return latest.equals(earliest);
    }
  }
}
