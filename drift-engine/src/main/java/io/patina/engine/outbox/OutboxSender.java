package io.patina.engine.outbox;

import io.patina.engine.database.Schema;
import io.patina.engine.database.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Sends the outbox, one shard at a time, and marks what the broker has confirmed. */
@Startup
@Singleton
public final class OutboxSender {

  private static final Logger LOG = Logger.getLogger(OutboxSender.class);
  static final String CHANNEL = "outbox";
  private static final long RETRY_MILLIS = 1000;

  /** A topic that is not there holds up the producer, and so all that is sent, for max.block.ms. */
  private static final Duration DECISIONS_PAUSE = Duration.ofMinutes(1);

  private static final Duration SWEEP = Duration.ofMinutes(5);

  private final Transactions transactions;
  private final Schema schema;
  private final OutboxConfig config;
  private final MutinyEmitter<byte[]> channel;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param channel takes a batch at most before it is awaited, so its buffer needs no bound
   */
  public OutboxSender(
      Transactions transactions,
      Schema schema,
      OutboxConfig config,
      @Channel(CHANNEL) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          MutinyEmitter<byte[]> channel) {
    this.transactions = transactions;
    this.schema = schema;
    this.config = config;
    this.channel = channel;
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
      if (schema.await()) {
        send();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void send() throws InterruptedException {
    int shard = 0;
    boolean told = false;
    long nextSweep = System.nanoTime();
    long decisionsFrom = nextSweep;
    while (stopping.getCount() > 0) {
      try {
        int from = shard;
        int below = System.nanoTime() - decisionsFrom < 0 ? Outbox.DECISIONS : Outbox.ALL;
        Optional<Served> served =
            transactions.run(connection -> sendShard(connection, from, below));
        told = false;
        if (served.isPresent()) {
          shard = (served.get().shard() + 1) % Outbox.ALL;
          if (served.get().shard() == Outbox.DECISIONS && !served.get().whole()) {
            decisionsFrom = System.nanoTime() + DECISIONS_PAUSE.toNanos();
          }
        }
        if (served.isEmpty() || !served.get().whole()) {
          pause(served.isEmpty() ? config.pause().toMillis() : RETRY_MILLIS);
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

  private void pause(long millis) throws InterruptedException {
    boolean unused = stopping.await(millis, TimeUnit.MILLISECONDS);
  }

  /**
   * A shard that was worked on.
   *
   * @param whole whether everything that was taken from it has been confirmed
   */
  private record Served(int shard, boolean whole) {}

  private Optional<Served> sendShard(Connection connection, int from, int below)
      throws SQLException {
    Optional<Integer> shard = Outbox.lease(connection, from, below);
    if (shard.isEmpty()) {
      return Optional.empty();
    }
    // Each record for a topic that is not there holds up the producer: of decisions one at a time.
    int most = shard.get() == Outbox.DECISIONS ? 1 : config.batch();
    List<Outbox.Unsent> unsent = Outbox.unsent(connection, shard.get(), most);
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (Outbox.Unsent each : unsent) {
      answers.add(put(each.outgoing(), each.outgoing().payload(), new RecordHeaders()));
    }
    List<Long> sent = new ArrayList<>();
    for (int i = 0; i < unsent.size(); i++) {
      if (!confirmed(unsent.get(i), answers.get(i))) {
        // What follows may have arrived; it goes again after this one: at least once, in order.
        break;
      }
      sent.add(unsent.get(i).ordinal());
    }
    Outbox.sent(connection, sent);
    if (sent.size() < unsent.size()) {
      LOG.warnf("outbox: %d of %d records confirmed", sent.size(), unsent.size());
    }
    return Optional.of(new Served(shard.get(), sent.size() == unsent.size()));
  }

  private boolean confirmed(Outbox.Unsent unsent, CompletableFuture<Void> answer) {
    try {
      Void unused = answer.get();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        return sentWithoutBytes(unsent.outgoing());
      }
      LOG.warnf("outbox: not confirmed: %s", e.getCause());
      return false;
    }
  }

  /** A record that the topic is not configured to hold: that it was there is said without it. */
  private boolean sentWithoutBytes(Outgoing outgoing) {
    RecordHeaders withheld = new RecordHeaders();
    withheld.add("patina-bytes-withheld", text(String.valueOf(outgoing.payload().length)));
    try {
      Void unused = put(outgoing, new byte[0], withheld).get();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      LOG.warnf("outbox: not confirmed: %s", e.getCause());
      return false;
    }
  }

  /** Puts a record into the channel, behind those before it; answers once the broker has it. */
  private CompletableFuture<Void> put(Outgoing outgoing, byte[] payload, RecordHeaders headers) {
    outgoing.headers().forEach((name, value) -> headers.add(name, text(value)));
    Message<byte[]> message =
        Message.of(payload)
            .addMetadata(
                OutgoingKafkaRecordMetadata.<byte[]>builder()
                    .withTopic(outgoing.topic())
                    .withKey(outgoing.key())
                    .withHeaders(headers)
                    .build());
    return channel.sendMessage(message).subscribeAsCompletionStage();
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
