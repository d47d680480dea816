package io.patina.engine.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deviations of a host that are kept once for all hosts that have them: an interval for all of them
 * together.
 *
 * @param set SHA-256 of what differs, hexadecimal: equal for hosts that differ alike
 * @param deviations how many of the set this host has
 * @param hosts how many hosts have the set at present, at most {@link #MOST_COUNTED}
 * @param classes how many there are of each kind of difference in the set
 * @param group the group that all of them belong to
 * @param factSince every fact in it has been as it is at least since then
 * @param onset bounds of all their onsets; exact where each of them is
 * @param end when they ended; null while open
 * @param continued a part of it goes on in another, or as single deviations
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SharedView(
    String id,
    String set,
    long deviations,
    long hosts,
    Map<String, Long> classes,
    @Nullable String group,
    Instant factSince,
    DeviationView.Between onset,
    DeviationView.@Nullable Between end,
    @Nullable String endCause,
    boolean continued,
    Instant observedAt,
    Instant recordedAt) {

  /** More hosts of a set are not counted. */
  public static final int MOST_COUNTED = 10_000;
}
