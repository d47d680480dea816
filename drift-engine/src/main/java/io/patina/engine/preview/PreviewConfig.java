package io.patina.engine.preview;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds of previews in the background. */
@ConfigMapping(prefix = "patina.preview")
public interface PreviewConfig {

  /** Most hosts that one examines. */
  @WithDefault("100000")
  int mostHosts();

  /** After so long no further host is begun. */
  @WithDefault("1h")
  Duration most();

  /** How many may wait for their turn in one replica, which examines one at a time. */
  @WithDefault("8")
  int waiting();
}
