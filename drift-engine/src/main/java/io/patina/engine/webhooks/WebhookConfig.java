package io.patina.engine.webhooks;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The one receiver of webhooks. */
@ConfigMapping(prefix = "patina.webhook")
public interface WebhookConfig {

  /** Where to; without it nothing is called. */
  Optional<URI> url();

  /** {@code whsec_} and the base64 of 24 to 64 bytes. */
  Optional<String> secret();

  /** Whether the receiver may be on this machine or a private network's loopback address. */
  @WithDefault("false")
  boolean allowLoopback();

  /** How long a call may take. */
  @WithDefault("15s")
  Duration timeout();

  /** Pause before the second attempt; it grows fivefold each time, up to {@link #longestPause}. */
  @WithDefault("5s")
  Duration firstPause();

  @WithDefault("5h")
  Duration longestPause();

  /** Attempts before a call is given up. */
  @WithDefault("12")
  int attempts();

  /** How often the table is looked at. */
  @WithDefault("250ms")
  Duration poll();
}
