package io.patina.engine.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a rollout stands.
 *
 * @param from the version that hosts come from
 * @param state {@code under-way}, {@code paused}, {@code finished} or {@code rolled-back}
 * @param byItself whether the next wave follows by itself once all reached ones conform
 * @param reached the waves up to this one are
 * @param possible what can be done now: the last part of an address each
 * @param others hosts that are of no wave; they follow when it is finished
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutView(
    UUID id,
    String name,
    String version,
    String from,
    String state,
    boolean byItself,
    int reached,
    String sentence,
    List<String> possible,
    String startedBy,
    Instant startedAt,
    @Nullable Instant endedAt,
    List<WaveView> waves,
    Progress others) {

  /**
   * One wave.
   *
   * @param within how long its hosts have once it is reached, ISO 8601
   * @param reachedAt null if it is not reached
   * @param deadline null if it is not reached
   * @param late hosts that are not on the new version after the deadline
   * @param ahead hosts on the new version before the wave is reached
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WaveView(
      int number,
      @Nullable Integer percent,
      @Nullable Map<String, String> labels,
      String within,
      @Nullable Instant reachedAt,
      @Nullable Instant deadline,
      Progress progress,
      long late,
      long ahead) {}

  static RolloutView of(Rollout r, Map<Integer, Progress> progress, Instant now) {
    List<WaveView> waves = new ArrayList<>();
    for (Wave w : r.waves()) {
      Progress p = progress.getOrDefault(w.number(), Progress.NONE);
      Instant deadline = w.deadline();
      boolean late =
          deadline != null && !now.isBefore(deadline) && r.state() == Rollout.State.UNDER_WAY;
      waves.add(
          new WaveView(
              w.number(),
              w.percent().isPresent() ? w.percent().getAsInt() : null,
              w.labels().isEmpty() ? null : w.labels(),
              w.within().toString(),
              w.reachedAt(),
              deadline,
              p,
              late ? p.hosts() - p.onNew() : 0,
              w.number() > r.reached() ? p.onNew() : 0));
    }
    return new RolloutView(
        r.id(),
        r.name(),
        r.toVersion(),
        r.fromVersion(),
        r.state().wireName(),
        r.byItself(),
        r.reached(),
        sentence(r, waves),
        possible(r),
        r.startedBy(),
        r.startedAt(),
        r.endedAt(),
        waves,
        progress.getOrDefault(0, Progress.NONE));
  }

  private static String sentence(Rollout r, List<WaveView> waves) {
    String way = r.fromVersion() + " to " + r.toVersion();
    String wave = "wave " + r.reached() + " of " + r.waves().size();
    return switch (r.state()) {
      case FINISHED -> "From " + way + ": finished in " + wave + ".";
      case ROLLED_BACK -> "From " + way + ": rolled back in " + wave + ".";
      case UNDER_WAY, PAUSED -> {
        long hosts = 0;
        long there = 0;
        long late = 0;
        for (WaveView w : waves) {
          late += w.late();
          if (w.number() <= r.reached()) {
            hosts += w.progress().hosts();
            there += w.progress().onNew();
          }
        }
        yield "From "
            + way
            + ", "
            + wave
            + (r.isPaused() ? ", paused" : "")
            + ": "
            + there
            + " of "
            + hosts
            + " hosts are there"
            + (late > 0 ? ", " + late + " are late" : "")
            + ".";
      }
    };
  }

  private static List<String> possible(Rollout r) {
    if (!r.state().goesOn()) {
      return List.of();
    }
    List<String> possible = new ArrayList<>();
    if (!r.isPaused() && r.reached() < r.waves().size()) {
      possible.add("advance");
    }
    possible.add(r.isPaused() ? "resume" : "pause");
    possible.add("rollback");
    possible.add("finish");
    return possible;
  }
}
