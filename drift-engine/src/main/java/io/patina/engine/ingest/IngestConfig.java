package io.patina.engine.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How reports are read. */
@ConfigMapping(prefix = "patina.ingest")
public interface IngestConfig {

  /** Replicas of one group share the partitions; their database is one. */
  @WithDefault("patina-engine")
  String group();

  /** A name that this replica keeps over restarts, so that it gets its partitions back at once. */
  Optional<String> instance();

  /** After this long without a sign of life a replica's partitions go to another. */
  @WithDefault("6s")
  Duration sessionTimeout();

  /** Most records taken at once. */
  @WithDefault("2000")
  int batch();

  /** Longest time for which heartbeats stay in memory only; a crash rereads them. */
  @WithDefault("5s")
  Duration flush();

  /** How often what time alone changes is looked for. */
  @WithDefault("500ms")
  Duration timers();

  /**
   * Longest that reports wait for hosts to follow another baseline or to be judged because time has
   * passed; what is left then has its turn after the next reports. While more reports wait than one
   * poll takes it is less, so that these have three quarters of the time.
   */
  @WithDefault("200ms")
  Duration slice();

  /** How often silent hosts are looked for. */
  @WithDefault("5s")
  Duration silence();

  /**
   * How often the topic is looked at while nothing comes from it: whether Kafka answers, and
   * whether it is still the same topic. Before records take effect that is asked in any case.
   */
  @WithDefault("1s")
  Duration watch();

  /** Pause before trying again while the database or Kafka is away. */
  @WithDefault("500ms")
  Duration retry();

  /** Hosts whose light part is kept in memory per partition. */
  @WithDefault("100000")
  int hostsInMemory();

  /** Dead letters kept with their bytes per source and hour; more are counted. */
  @WithDefault("100")
  int deadLettersPerHour();

  /** How long reports wait at the start for baselines that were published before. */
  @WithDefault("30s")
  Duration awaitBaselines();

  /**
   * The topic id to go on with after the topic was made anew. Everything that is known stays; every
   * host is out of sync until it is proven again.
   */
  Optional<String> acceptTopicId();
}
