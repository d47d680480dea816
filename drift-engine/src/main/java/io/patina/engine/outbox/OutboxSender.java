package io.patina.engine.outbox;

import io.patina.engine.database.Schema;
import io.patina.engine.database.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Sends the outbox, one shard at a time, and marks what the broker has confirmed. */
@Startup
@Singleton
public final class OutboxSender {

  private static final Logger LOG = Logger.getLogger(OutboxSender.class);
  private static final long RETRY_MILLIS = 1000;
  private static final Duration SWEEP = Duration.ofMinutes(5);

  private final Transactions transactions;
  private final Schema schema;
  private final OutboxConfig config;
  private final Map<String, Object> settings;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  public OutboxSender(
      Transactions transactions,
      Schema schema,
      OutboxConfig config,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
    this.transactions = transactions;
    this.schema = schema;
    this.config = config;
    this.settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.LINGER_MS_CONFIG,
            0,
            // A dead letter carries the largest record there is, and headers.
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            2 * 1024 * 1024,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            8L * 1024 * 1024,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            10_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            10_000,
            // The lock on the shard is held while a batch is on its way: not for long.
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            20_000,
            ProducerConfig.CLIENT_ID_CONFIG,
            "patina-engine-outbox");
  }

  void start(@Observes StartupEvent event) {
    Thread.ofPlatform().name("outbox").daemon(true).start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping.countDown();
    boolean unused = stopped.await(5, TimeUnit.SECONDS);
  }

  private void run() {
    try {
      boolean tables = schema.await();
      while (tables && stopping.getCount() > 0) {
        try {
          send();
        } catch (KafkaException e) {
          // A producer that has failed so stays broken: the next round makes a new one.
          LOG.warnf("outbox waits for Kafka: %s", e.getMessage());
          pause(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void send() throws InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      int shard = 0;
      boolean told = false;
      long nextSweep = System.nanoTime();
      while (stopping.getCount() > 0) {
        try {
          int from = shard;
          Optional<Integer> served =
              transactions.run(connection -> sendShard(connection, producer, from));
          told = false;
          if (served.isPresent()) {
            shard = (served.get() + 1) % Outbox.SHARDS;
          } else {
            pause(config.pause().toMillis());
          }
          if (System.nanoTime() - nextSweep >= 0) {
            nextSweep = System.nanoTime() + SWEEP.toNanos();
            transactions.perform(
                connection -> {
                  Outbox.sweep(connection);
                });
          }
        } catch (SQLException e) {
          if (!told) {
            LOG.warnf("outbox waits for the database: %s", e.getMessage());
            told = true;
          }
          pause(RETRY_MILLIS);
        }
      }
    }
  }

  private void pause(long millis) throws InterruptedException {
    boolean unused = stopping.await(millis, TimeUnit.MILLISECONDS);
  }

  private Optional<Integer> sendShard(
      Connection connection, KafkaProducer<byte[], byte[]> producer, int from) throws SQLException {
    Optional<Integer> shard = Outbox.lease(connection, from);
    if (shard.isEmpty()) {
      return shard;
    }
    List<Outbox.Unsent> unsent = Outbox.unsent(connection, shard.get(), config.batch());
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    for (Outbox.Unsent each : unsent) {
      answers.add(producer.send(record(each.outgoing())));
    }
    producer.flush();
    List<Long> sent = new ArrayList<>();
    for (int i = 0; i < unsent.size(); i++) {
      if (!confirmed(producer, unsent.get(i), answers.get(i))) {
        // What follows may have arrived; it goes again after this one: at least once, in order.
        break;
      }
      sent.add(unsent.get(i).ordinal());
    }
    Outbox.sent(connection, sent);
    if (sent.size() < unsent.size()) {
      LOG.warnf("outbox: %d of %d records confirmed", sent.size(), unsent.size());
    }
    return shard;
  }

  private static boolean confirmed(
      KafkaProducer<byte[], byte[]> producer, Outbox.Unsent unsent, Future<RecordMetadata> answer) {
    try {
      answer.get();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        return sentWithoutBytes(producer, unsent.outgoing());
      }
      LOG.warnf("outbox: not confirmed: %s", e.getCause());
      return false;
    }
  }

  /** A record that the topic is not configured to hold: that it was there is said without it. */
  private static boolean sentWithoutBytes(
      KafkaProducer<byte[], byte[]> producer, Outgoing outgoing) {
    ProducerRecord<byte[], byte[]> record =
        record(
            new Outgoing(
                outgoing.shard(),
                outgoing.topic(),
                outgoing.key(),
                outgoing.headers(),
                new byte[0]));
    record.headers().add("patina-bytes-withheld", text(String.valueOf(outgoing.payload().length)));
    try {
      producer.send(record).get();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      LOG.warnf("outbox: not confirmed: %s", e.getCause());
      return false;
    }
  }

  private static ProducerRecord<byte[], byte[]> record(Outgoing outgoing) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(outgoing.topic(), outgoing.key(), outgoing.payload());
    outgoing.headers().forEach((name, value) -> record.headers().add(name, text(value)));
    return record;
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
