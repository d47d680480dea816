package io.patina.engine.state;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds on what one host may make the engine keep. */
@ConfigMapping(prefix = "patina.state")
public interface StateConfig {

  /** Canonical bytes of manifests kept in memory. */
  @WithDefault("96M")
  MemorySize manifestCache();

  /** Largest self-contained snapshot accepted, canonical bytes. */
  @WithDefault("128M")
  MemorySize maxManifest();

  /** Most entries in which a host may differ from its reference. */
  @WithDefault("200000")
  int maxOverlay();

  /**
   * Most deviations of one host that a whole comparison gives rows; the others are counted, so that
   * a wrong baseline does not write a billion rows. Changes seen live have rows beyond that.
   */
  @WithDefault("1000")
  int listedDeviations();

  /** How long a manifest is kept after it came, if nothing refers to it. */
  @WithDefault("24h")
  Duration manifestRetention();

  /** Hosts whose facts are kept in memory per partition. */
  @WithDefault("200")
  int warmHosts();
}
