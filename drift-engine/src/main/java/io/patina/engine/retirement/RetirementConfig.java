package io.patina.engine.retirement;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When retired hosts come back. */
@ConfigMapping(prefix = "patina.retirement")
public interface RetirementConfig {

  /**
   * How long after it was retired the same run of a host's collector may still report without
   * bringing the host back.
   */
  @WithDefault("1h")
  Duration grace();
}
