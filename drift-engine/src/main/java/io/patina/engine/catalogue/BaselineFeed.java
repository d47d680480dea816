package io.patina.engine.catalogue;

import io.patina.engine.database.Schema;
import io.patina.wire.Topics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Reads the baselines topic from its beginning, in every replica: it is compacted and small, and
 * keeping a statement twice is no error, so no offset is stored.
 */
@Startup
@Singleton
public final class BaselineFeed {

  private static final Logger LOG = Logger.getLogger(BaselineFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long RETRY_MILLIS = 1000;

  private final BaselineIntake intake;
  private final Schema schema;
  private final String bootstrapServers;
  private final Duration fetchRetry;
  private final CountDownLatch stopping = new CountDownLatch(1);

  public BaselineFeed(
      BaselineIntake intake,
      Schema schema,
      CatalogueConfig config,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
    this.intake = intake;
    this.schema = schema;
    this.fetchRetry = config.fetchRetry();
    this.bootstrapServers = bootstrapServers;
  }

  void start(@Observes StartupEvent event) {
    Thread.ofPlatform().name("baselines").daemon(true).start(this::run);
  }

  void stop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  private void run() {
    try {
      if (!schema.await()) {
        return;
      }
      while (!stopped(0)) {
        try {
          read();
        } catch (KafkaException e) {
          if (e instanceof InterruptException || e instanceof WakeupException) {
            return;
          }
          LOG.warnf("baselines topic: %s", e.getMessage());
          stopped(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.CLIENT_ID_CONFIG,
            "patina-engine-baselines");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<PartitionInfo> partitions = List.of();
      while (partitions.isEmpty()) {
        partitions = consumer.partitionsFor(Topics.BASELINES);
        if (partitions.isEmpty() && stopped(RETRY_MILLIS)) {
          return;
        }
      }
      List<TopicPartition> all =
          partitions.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long nextFetch = System.nanoTime();
      while (!stopped(0)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.value() != null) {
            take(new String(record.value(), StandardCharsets.UTF_8));
          }
        }
        if (System.nanoTime() - nextFetch >= 0) {
          fetchMissing();
          nextFetch = System.nanoTime() + fetchRetry.toNanos();
        }
      }
    }
  }

  private void take(String envelope) throws InterruptedException {
    while (!stopped(0)) {
      try {
        intake.take(envelope);
        return;
      } catch (SQLException e) {
        LOG.warnf("baseline waits for the database: %s", e.getMessage());
        stopped(RETRY_MILLIS);
      }
    }
  }

  private void fetchMissing() {
    try {
      intake.fetchMissing();
    } catch (SQLException e) {
      LOG.warnf("manifests of baselines wait for the database: %s", e.getMessage());
    }
  }

  private boolean stopped(long waitMillis) throws InterruptedException {
    return stopping.await(waitMillis, TimeUnit.MILLISECONDS);
  }
}
