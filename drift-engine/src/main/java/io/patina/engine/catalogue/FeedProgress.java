package io.patina.engine.catalogue;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Whether everything has been taken that the baselines topic held when this replica began to read
 * it.
 */
@Singleton
@Identifier(FeedProgress.CHANNEL)
final class FeedProgress implements KafkaConsumerRebalanceListener {

  static final String CHANNEL = "baselines";
  private static final Logger LOG = Logger.getLogger(FeedProgress.class);

  /** Per partition the last offset that was there at the beginning and has not been taken. */
  private final Map<TopicPartition, Long> awaited = new ConcurrentHashMap<>();

  private final CountDownLatch caughtUp = new CountDownLatch(1);

  boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
    return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    if (partitions.isEmpty() || caughtUp.getCount() == 0) {
      return;
    }
    try {
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      ends.forEach(
          (partition, end) -> {
            if (end > beginnings.getOrDefault(partition, 0L)) {
              awaited.put(partition, end - 1);
            }
          });
      if (awaited.isEmpty()) {
        caughtUp.countDown();
      }
    } catch (KafkaException e) {
      // Then whoever waits for it waits its full time.
      LOG.warnf("baselines topic: its end is not known: %s", e.getMessage());
    }
  }

  /** A record has been taken. */
  void took(TopicPartition partition, long offset) {
    Long last = awaited.get(partition);
    if (last != null && offset >= last) {
      awaited.remove(partition);
      if (awaited.isEmpty()) {
        caughtUp.countDown();
      }
    }
  }
}
