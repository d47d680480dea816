package io.patina.collector.units;

import java.util.Map;

/** The manager's side of the units, or why there is none. */
sealed interface Running {
  /**
   * A manager answered.
   *
   * @param units those in memory, by name
   * @param fileStates enablement as the manager sees it, by name of the unit file
   */
  record Answer(Map<String, RunState> units, Map<String, String> fileStates) implements Running {
    public Answer {
      units = Map.copyOf(units);
      fileStates = Map.copyOf(fileStates);
    }
  }

  /** systemd does not run here, or not on this root. */
  record NotApplicable() implements Running {}

  /**
   * It should run but does not answer.
   *
   * @param reason as in {@link io.patina.facts.Gap}
   */
  record Silent(String reason) implements Running {}
}
