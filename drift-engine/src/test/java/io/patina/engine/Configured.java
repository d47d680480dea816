package io.patina.engine;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** Config mappings with their defaults, as Quarkus would read them, without Quarkus. */
public final class Configured {

  private static final int BEFORE_BUILT_IN = 200;

  private Configured() {}

  /** The mapping with its defaults, but for these settings. */
  public static <T> T with(Class<T> mapping, Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(mapping)
        .withConverter(Duration.class, BEFORE_BUILT_IN, new DurationConverter())
        .withConverter(MemorySize.class, BEFORE_BUILT_IN, new MemorySizeConverter())
        .withDefaultValues(settings)
        .build()
        .getConfigMapping(mapping);
  }
}
