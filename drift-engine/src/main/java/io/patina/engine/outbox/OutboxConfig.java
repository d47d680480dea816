package io.patina.engine.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How fast the outbox is emptied. */
@ConfigMapping(prefix = "patina.outbox")
public interface OutboxConfig {

  /** Pause after the outbox was found empty: the most that it adds to an event's way. */
  @WithDefault("100ms")
  Duration pause();

  /** Records sent in one go. */
  @WithDefault("500")
  int batch();
}
