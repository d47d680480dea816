package io.patina.engine.reading;

import com.google.protobuf.ByteString;
import io.patina.engine.catalogue.BaselineFeed;
import io.patina.engine.database.Schema;
import io.patina.engine.database.Transactions;
import io.patina.engine.ingest.IngestConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Reads reports for as long as the engine runs: waits for the tables and for Kafka, checks that the
 * topic is the one that is known, reads it by a {@link Reading}, and begins again when that ends.
 */
@Startup
@Singleton
public final class IngestLoop {

  private static final Logger LOG = Logger.getLogger(IngestLoop.class);

  private final Schema schema;
  private final Transactions transactions;
  private final BaselineFeed baselines;
  private final ReadingParts parts;
  private final IngestConfig config;
  private final IngestStatus status;
  private final Map<String, Object> kafka;
  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param kafka every setting {@code kafka.*}, as all clients of this engine have them
   */
  public IngestLoop(
      Schema schema,
      Transactions transactions,
      BaselineFeed baselines,
      ReadingParts parts,
      IngestConfig config,
      IngestStatus status,
      @Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.schema = schema;
    this.transactions = transactions;
    this.baselines = baselines;
    this.parts = parts;
    this.config = config;
    this.status = status;
    this.kafka = Map.copyOf(kafka);
  }

  void start(@Observes StartupEvent event) {
    Thread.ofPlatform().name("ingest").daemon(true).start(this::run);
  }

  /** While the database is still there: what heartbeats left in memory is written. */
  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping.countDown();
    boolean unused = stopped.await(10, TimeUnit.SECONDS);
  }

  private void run() {
    try {
      if (!schema.await()) {
        return;
      }
      status.waits("the baselines that were published before");
      if (!baselines.awaitCaughtUp(config.awaitBaselines())) {
        LOG.warn("reports are read before the baselines topic could be");
      }
      try (TopicWatch watch = new TopicWatch(kafka)) {
        while (stopping.getCount() > 0) {
          try {
            read(watch);
          } catch (TopicWatch.TopicAway e) {
            waits("Kafka: " + e.getMessage());
          } catch (KafkaException e) {
            LOG.warnf(e, "ingest begins again");
            waits("Kafka: " + e.getMessage());
          } catch (SQLException e) {
            waits("the database: " + e.getMessage());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void read(TopicWatch watch)
      throws SQLException, TopicWatch.TopicAway, InterruptedException {
    TopicWatch.Topic topic = watch.look();
    Optional<String> objection = TopicWatch.objection(transactions, topic, config.acceptTopicId());
    if (objection.isPresent()) {
      stopped(objection.get());
      return;
    }
    watch.register(transactions, topic);
    BrokerLine line = new BrokerLine(clock.instant());
    try (Reading reading = new Reading(parts, watch, kafka, topic, line)) {
      Thread watching =
          Thread.ofPlatform()
              .name("topic-watch")
              .daemon(true)
              .start(() -> watch(watch, topic, reading, line));
      try {
        status.goesOn();
        Optional<String> impossible = reading.run(() -> stopping.getCount() == 0);
        // Offsets that the log does not have are explained by another log, if it is one.
        if (impossible.isPresent() && watch.look().equals(topic)) {
          stopped(impossible.get());
        }
      } finally {
        watching.interrupt();
        watching.join();
      }
    }
  }

  /** Ends the reading when the topic is another; tells health whether Kafka answers. */
  private void watch(TopicWatch watch, TopicWatch.Topic topic, Reading reading, BrokerLine line) {
    try {
      while (true) {
        Thread.sleep(config.watch());
        try {
          if (!watch.look().equals(topic)) {
            reading.end();
            return;
          }
          status.kafkaAnswers();
          line.up(clock.instant());
        } catch (TopicWatch.TopicAway e) {
          status.kafkaAway("Kafka: " + e.getMessage());
          line.down();
        }
      }
    } catch (InterruptedException e) {
      // The reading has ended.
      Thread.currentThread().interrupt();
    }
  }

  private void stopped(String reason) throws InterruptedException {
    LOG.errorf("ingest has stopped: %s", reason);
    status.stopped(reason);
    // Until a person has acted and started the engine again: what changed may not be guessed at.
    stopping.await();
  }

  private void waits(String reason) throws InterruptedException {
    if (status.waitingFor().isEmpty()) {
      LOG.warnf("ingest waits for %s", reason);
    }
    status.waits(reason);
    boolean unused = stopping.await(config.retry().toMillis(), TimeUnit.MILLISECONDS);
  }

  static ByteString bytes(byte @org.jspecify.annotations.Nullable [] bytes) {
    return bytes == null ? ByteString.EMPTY : ByteString.copyFrom(bytes);
  }
}
