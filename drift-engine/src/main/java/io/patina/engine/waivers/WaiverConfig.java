package io.patina.engine.waivers;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long exceptions last. */
@ConfigMapping(prefix = "patina.waivers")
public interface WaiverConfig {

  /** Days that a waiver lasts if nothing is said, 1 to 180. */
  @WithDefault("30")
  int days();

  /** How long before its end a waiver is said to expire soon; at most half of its time. */
  @WithDefault("7d")
  Duration soon();
}
