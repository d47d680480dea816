package io.patina.engine.outbox;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * Lets the producer of the outbox's channel try again until its delivery timeout. One setting has
 * one name for the channel and for the producer below it: the channel is told never to (it would
 * put a record behind its successors), and the idempotent producer, which keeps the order, must.
 */
@Singleton
public final class OutboxClient implements ClientCustomizer<Map<String, Object>> {

  @Override
  public Map<String, Object> customize(
      String channel, Config channelConfig, Map<String, Object> config) {
    if (channel.equals(OutboxSender.CHANNEL)) {
      config.put(ProducerConfig.RETRIES_CONFIG, String.valueOf(Integer.MAX_VALUE));
    }
    return config;
  }
}
