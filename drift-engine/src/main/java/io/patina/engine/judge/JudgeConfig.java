package io.patina.engine.judge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How patient the judge is. */
@ConfigMapping(prefix = "patina.judge")
public interface JudgeConfig {

  /** How long a new deviation must hold before it weighs in the verdict. */
  @WithDefault("30s")
  Duration settle();

  /** The same for what a package transaction leaves while it is under way. */
  @WithDefault("2m")
  Duration packageSettle();

  /** How long the last proven verdict stands for a host that is out of sync. */
  @WithDefault("10m")
  Duration outOfSyncGrace();

  /** Points by which an artisanal host must fall below the threshold to be drifting again. */
  @WithDefault("10")
  int hysteresis();

  /** A report older than this is late: the verdict waits until no more of them come. */
  @WithDefault("60s")
  Duration lateAfter();

  /** How long after a late report the verdict waits for the next one. */
  @WithDefault("10s")
  Duration lateQuiet();

  /** An identity conflict ends when a start of the collector is this much later than its trace. */
  @WithDefault("10m")
  Duration conflictQuiet();

  /**
   * Share of the hosts of a pool, held against one baseline, that must turn drifting or artisanal
   * together for the baseline to be the suspect: above 0, at most 1.
   */
  @WithDefault("0.3")
  double turnShare();

  /** Fewer hosts than this are never a pool that turned. */
  @WithDefault("20")
  int turnHosts();

  /** Turns that are further apart are not together; at least 10m. */
  @WithDefault("1h")
  Duration turnWithin();
}
