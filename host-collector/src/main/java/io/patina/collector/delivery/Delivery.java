package io.patina.collector.delivery;

import io.patina.collector.spool.Outgoing;
import io.patina.collector.spool.Spool;
import io.patina.collector.spool.Spool.Stored;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the spool, oldest first, for as long as it runs.
 *
 * <p>Records go out in groups; the position moves when the whole group has been acknowledged. If
 * one is refused for good, the producer is closed from within the callback, before the next request
 * can leave: what follows can never overtake it. Then the group is sent again, after a pause.
 *
 * <p>When a file that the settings name has other content than before, the producer is made anew:
 * credentials are rotated without a restart. A producer that gets no answer for long is, too.
 */
public final class Delivery implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private static final int GROUP_RECORDS = 64;
  private static final long GROUP_BYTES = 1 << 20;
  private static final Duration LOOK_AT_FILES = Duration.ofSeconds(1);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  /** What a stop waits for brokers that do not answer. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  /** What it waits for brokers that do; with the rest of the way out well below systemd's 30 s. */
  private static final Duration CLOSING_WHILE_ANSWERED = Duration.ofSeconds(12);

  private final Spool spool;
  private final KafkaSettings settings;
  private final ReferredFiles files;
  private final Duration firstPause;
  private final SplittableRandom random = new SplittableRandom();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final Thread thread;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong rotations = new AtomicLong();
  private volatile long lastAcknowledgement;
  private volatile boolean away;
  private volatile boolean ending;
  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private String stamp = "";
  private long looked;

  /**
   * @param firstPause before the first connection
   */
  public Delivery(Spool spool, KafkaSettings settings, Duration firstPause) {
    this.spool = spool;
    this.settings = settings;
    this.files = settings.files();
    this.firstPause = firstPause;
    this.thread = Thread.ofPlatform().name("patina-delivery").daemon().unstarted(this);
  }

  public void start() {
    thread.start();
  }

  /** Records acknowledged since the start. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Attempts that failed since the start. */
  public long failures() {
    return failures.get();
  }

  /** Times that rotated credentials were taken over since the start. */
  public long rotations() {
    return rotations.get();
  }

  /** Milliseconds since the epoch at the last acknowledgement; 0 before the first. */
  public long lastAcknowledgement() {
    return lastAcknowledgement;
  }

  /** Completes exceptionally if it ended by something that nobody foresaw. */
  public CompletableFuture<Void> failure() {
    return failure;
  }

  @Override
  public void run() {
    try {
      deliver();
    } catch (RuntimeException | Error e) {
      // Such as a class that a setting needs and nobody has: silence would look like health.
      LOG.error("event=delivery-failed", e);
      failure.completeExceptionally(e);
    }
  }

  private void deliver() {
    int failed = 0;
    if (!rest(firstPause)) {
      return;
    }
    while (!ending) {
      try {
        Optional<Stored> first = spool.await(0, Duration.ofSeconds(1));
        if (haveRotated()) {
          LOG.info("event=credentials-rotated");
          rotations.incrementAndGet();
          discard();
        }
        if (first.isPresent()) {
          send(group(first.get()));
          if (failed > 0) {
            LOG.info("event=kafka-back failures={}", failed);
          }
          failed = 0;
          away = false;
        }
      } catch (InterruptedException | InterruptException e) {
        // end() wants the thread back.
        break;
      } catch (ExecutionException | KafkaException | IllegalStateException | IOException e) {
        failed++;
        away = true;
        failures.incrementAndGet();
        discard();
        if (failed == 1 || failed % 20 == 0) {
          LOG.warn(
              "event=kafka-away attempts={} spool-records={} reason=\"{}\"",
              failed,
              spool.pending(),
              reason(e));
        }
        if (!pause(failed)) {
          break;
        }
      }
    }
    discard();
  }

  /** What happened and, where that is another thing, what it came from. */
  private static String reason(Throwable failure) {
    Throwable what =
        failure instanceof ExecutionException x && x.getCause() != null ? x.getCause() : failure;
    Throwable root = what;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root == what ? what.toString() : what + ", because " + root;
  }

  private List<Stored> group(Stored first) throws IOException {
    List<Stored> group = new ArrayList<>(List.of(first));
    long bytes = first.record().value().size();
    while (group.size() < GROUP_RECORDS && bytes < GROUP_BYTES) {
      Optional<Stored> next = spool.read(group.getLast().number() + 1);
      if (next.isEmpty()) {
        break;
      }
      group.add(next.get());
      bytes += next.get().record().value().size();
    }
    return group;
  }

  private void send(List<Stored> group)
      throws ExecutionException, InterruptedException, IOException {
    KafkaProducer<byte[], byte[]> current = producer;
    if (current == null) {
      // Before they are read: what changes in between is seen as a change.
      stamp = files.stamp();
      current = new KafkaProducer<>(settings.producer());
      producer = current;
    }
    KafkaProducer<byte[], byte[]> sender = current;
    List<Future<RecordMetadata>> sent = new ArrayList<>(group.size());
    for (Stored s : group) {
      Outgoing r = s.record();
      sent.add(
          sender.send(
              new ProducerRecord<>(
                  r.destination().topic(), r.key().toByteArray(), r.value().toByteArray()),
              (metadata, failure) -> {
                if (failure != null) {
                  sender.close(Duration.ZERO);
                }
              }));
    }
    for (int i = 0; i < sent.size(); i++) {
      await(sent.get(i));
      spool.acknowledge(group.get(i).number());
      acknowledged.incrementAndGet();
      lastAcknowledgement = System.currentTimeMillis();
    }
  }

  /** Waits for an answer; not for ever, because what would have to change may be in a file. */
  private void await(Future<RecordMetadata> answer)
      throws ExecutionException, InterruptedException {
    long began = System.nanoTime();
    while (true) {
      try {
        RecordMetadata unused = answer.get(LOOK_AT_FILES.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (!stamp.equals(files.stamp())) {
          throw new KafkaException("credentials were rotated while no answer came", e);
        }
        if (System.nanoTime() - began > LONGEST_SILENCE.toNanos()) {
          throw new KafkaException(
              "no answer for " + LONGEST_SILENCE.toSeconds() + " s; connecting anew", e);
        }
      }
    }
  }

  private boolean haveRotated() {
    if (producer == null || System.nanoTime() - looked < LOOK_AT_FILES.toNanos()) {
      return false;
    }
    looked = System.nanoTime();
    return !stamp.equals(files.stamp());
  }

  private void discard() {
    KafkaProducer<byte[], byte[]> broken = producer;
    producer = null;
    if (broken != null) {
      // An interrupt that ended run() would end the closing too, and leave its thread behind.
      boolean interrupted = Thread.interrupted();
      broken.close(Duration.ZERO);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits longer with every failure; false if it was interrupted. */
  private boolean pause(int failed) {
    return rest(Pauses.afterFailure(failed, random));
  }

  private static boolean rest(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /**
   * Sends what is left for at most two seconds, or twelve if the last attempt was answered: a stop
   * soon after the start, on a busy machine, should be heard. The rest stays in the spool for the
   * next start.
   */
  public void end() throws InterruptedException {
    boolean empty =
        spool.awaitEmpty(CLOSING)
            || (!away && spool.awaitEmpty(CLOSING_WHILE_ANSWERED.minus(CLOSING)));
    ending = true;
    thread.interrupt();
    thread.join(Duration.ofSeconds(5));
    LOG.info("event=delivery-ended spool-empty={} records={}", empty, spool.pending());
  }
}
