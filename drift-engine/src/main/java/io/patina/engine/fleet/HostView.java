package io.patina.engine.fleet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.patina.engine.maintenance.MaintenanceView;
import io.patina.engine.state.Breakdown;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A host as the API and the pages show it.
 *
 * @param id of the host, a UUID
 * @param name what the host calls itself; hostile text
 * @param pool empty as long as nobody has approved the host
 * @param labels assigned ones
 * @param verdict a {@link io.patina.verdict.Verdict#wireName()}
 * @param score 0 (as ordered) to 100
 * @param since when the verdict began, by the broker's clock
 * @param lastSeen when its last report reached the broker; heartbeats count with up to 5 s delay
 * @param baseline what it is compared with; null if no approved baseline selects it
 * @param silent no report although its partition was consumed past its deadline
 * @param identityConflict two machines under one id, or a rewound sequence; null if none
 * @param driftSignature names the set of open deviations, hexadecimal; null if nothing differs
 * @param retiredAt null unless retired
 * @param breakdown what makes up the score
 * @param advice why that recommendation, in sentences
 * @param retiredBy who retired it; null if its collector said so, or if it is in service
 * @param maintenance in which it is: what happens to it is recorded and not told; null if in none
 * @param clock the host's own beside the broker's
 * @param tipped since when it is artisanal and what tipped it, one sentence; null unless it is
 * @param admission how its current installation came in
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostView(
    String id,
    String installation,
    String name,
    String pool,
    Map<String, String> labels,
    String verdict,
    String sentence,
    String recommendation,
    int score,
    List<String> reasons,
    Instant since,
    Instant lastSeen,
    @Nullable BaselineName baseline,
    Counts deviations,
    Coverage coverage,
    Sync sync,
    boolean silent,
    @Nullable Trouble identityConflict,
    @Nullable String fingerprint,
    @Nullable String driftSignature,
    String collectorVersion,
    @Nullable Instant retiredAt,
    Breakdown breakdown,
    List<String> advice,
    @Nullable String tipped,
    @Nullable String retiredBy,
    @Nullable String retiredWhy,
    @Nullable MaintenanceView maintenance,
    Admission admission,
    Clock clock) {

  /** Whether nobody has said that it belongs here: its key was pinned at its first report. */
  @JsonIgnore
  public boolean isUnapproved() {
    return admission.how().equals("pinned");
  }

  /**
   * Two clocks.
   *
   * @param reportedAt the host's own in its last report, as evidence: never after {@code lastSeen}
   * @param skewMillis its clock minus the broker's, positive if it is ahead, as a report in time
   *     had it last; within two seconds. Null if nothing is known of it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Clock(Instant reportedAt, @Nullable Long skewMillis) {

    /** From here on times that are the host's own evidence mislead. */
    private static final Duration LARGE = Duration.ofSeconds(60);

    /** A sentence where the clocks differ much; else empty. */
    Optional<String> remark() {
      if (skewMillis == null || Math.abs(skewMillis) < LARGE.toMillis()) {
        return Optional.empty();
      }
      Duration apart = Duration.ofMillis(Math.abs(skewMillis)).truncatedTo(ChronoUnit.SECONDS);
      return Optional.of(
          "its clock is "
              + apart.toString().substring(2).toLowerCase(Locale.ROOT)
              + (skewMillis > 0 ? " ahead of" : " behind")
              + " the broker's: onsets that are its own evidence are off by as much");
    }
  }

  /** Names a baseline. */
  public record BaselineName(String name, String version, String policy) {}

  /**
   * Open deviations.
   *
   * @param open all of them
   * @param unlisted of these, how many have no row of their own: they are shared, or wait to be
   */
  public record Counts(long open, long unlisted) {}

  /**
   * What could be observed.
   *
   * @param unproven facts that the baseline expects and that could not be observed
   * @param lost reports or changes lost on the host since its start
   * @param lastFullCompare when every byte in scope had last been read; null if not yet
   * @param watching how changes are noticed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Coverage(
      long facts,
      long gaps,
      long unproven,
      long lost,
      @Nullable Instant lastFullCompare,
      String watching) {}

  /**
   * Whether the state held here is proven by the host's fingerprint.
   *
   * @param state {@code new} before the first snapshot, {@code proven}, or {@code out-of-sync}:
   *     then the verdict is the last proven one and nothing acts on it
   */
  public record Sync(String state, Instant since, String reason) {}

  /**
   * How an installation came in.
   *
   * @param how {@code enrolled}, {@code approved}, {@code pinned} (nobody has approved it), {@code
   *     first-use} or {@code migrated}
   * @param by a person or the token; empty if nobody
   * @param keySince when its key took the place of another; null if it is its first
   * @param revoked null unless nothing of it is taken any more
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Admission(
      String how,
      String by,
      @Nullable Instant at,
      @Nullable Instant keySince,
      @Nullable Trouble revoked) {}

  /** Something wrong, since when and why. */
  public record Trouble(Instant since, String reason) {}
}
