package io.patina.collector.delivery;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How the producer is set up.
 *
 * @param passed everything given as {@code kafka.NAME}, without the prefix: bootstrap servers,
 *     security protocol, key stores, SASL. What order and durability need cannot be overridden.
 */
public record KafkaSettings(Map<String, String> passed) {
  private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  public KafkaSettings {
    passed = Map.copyOf(passed);
  }

  /**
   * Kafka asks for a token only where a system property of the process says so, against settings
   * that come from elsewhere. Here they come from the administrator's own file, which decides.
   */
  private void allowTokenEndpoints() {
    String endpoint = passed.getOrDefault("sasl.oauthbearer.token.endpoint.url", "");
    if (!endpoint.isEmpty() && System.getProperty(ALLOWED_URLS) == null) {
      System.setProperty(ALLOWED_URLS, endpoint);
    }
  }

  /** What these settings refer to outside themselves. */
  ReferredFiles files() {
    return ReferredFiles.in(passed.values());
  }

  Properties producer() {
    allowTokenEndpoints();
    Properties p = new Properties();
    p.put(ProducerConfig.CLIENT_ID_CONFIG, "patina-collector");
    // The backlog is on disk; memory holds no more than one request.
    p.put(ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(4 << 20));
    p.put(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(16 << 10));
    p.put(ProducerConfig.SEND_BUFFER_CONFIG, "65536");
    p.put(ProducerConfig.RECEIVE_BUFFER_CONFIG, "32768");
    p.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    p.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
    p.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, "100");
    p.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "5000");
    p.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, "5000");
    p.put("enable.metrics.push", "false");
    p.put("metric.reporters", "");
    // So that a credential can stay in a file of its own: ${file:/path:key},
    // ${directory:/path:name},
    // ${env:NAME}.
    p.put("config.providers", "file,directory,env");
    p.put("config.providers.file.class", FileConfigProvider.class.getName());
    p.put("config.providers.directory.class", DirectoryConfigProvider.class.getName());
    p.put("config.providers.env.class", EnvVarConfigProvider.class.getName());
    passed.forEach(p::put);
    p.put(ProducerConfig.ACKS_CONFIG, "all");
    p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    p.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    p.put(ProducerConfig.RETRIES_CONFIG, String.valueOf(Integer.MAX_VALUE));
    p.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(Integer.MAX_VALUE));
    p.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    p.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return p;
  }
}
