package io.patina.engine.ingest;

import io.patina.engine.ingest.Lane.FenceLost;
import io.patina.wire.Topics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * One membership in the consumer group, from joining to leaving. Polls, gives each partition's
 * records to {@link Slices}, and lets time pass for the partitions it owns. Offsets are kept in the
 * database only: a partition is paused until its lane has read where it is and the consumer has
 * been sent there. One thread polls and works, so that a partition is never taken away in the
 * middle of a transaction.
 */
final class Reading implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Reading.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** The broker's clock and this one may differ, and records may be on their way. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final ReadingParts parts;
  private final TopicWatch.Topic topic;
  private final ReportDecoder decoder;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, Lane> lanes = new TreeMap<>();
  private volatile boolean ended;
  private volatile Instant lineUpSince;
  private volatile Optional<Instant> lineSeen;
  private long nextTimers = System.nanoTime();
  private long nextSilence = System.nanoTime();
  private long nextPosition = System.nanoTime();
  private Optional<String> impossible = Optional.empty();

  Reading(
      ReadingParts parts, String bootstrapServers, TopicWatch.Topic topic, Instant lineUpSince) {
    this.parts = parts;
    this.topic = topic;
    this.decoder = new ReportDecoder(topic.partitions());
    this.lineUpSince = lineUpSince;
    this.lineSeen = Optional.of(lineUpSince);
    this.consumer =
        new KafkaConsumer<>(
            settings(parts.config(), bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  private static Map<String, Object> settings(IngestConfig config, String bootstrapServers) {
    int session = (int) config.sessionTimeout().toMillis();
    Map<String, Object> s = new HashMap<>();
    s.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    s.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
    config.instance().ifPresent(i -> s.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, i));
    s.put(ConsumerConfig.CLIENT_ID_CONFIG, "patina-engine-ingest");
    s.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Never anywhere by itself: an offset that the log does not have is a loss to be written down.
    s.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    s.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    s.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, config.batch());
    s.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
    s.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session);
    s.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, session / 3);
    s.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000);
    s.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5000);
    s.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    return s;
  }

  /** Ends the reading soon. From any thread. */
  void end() {
    ended = true;
  }

  /** Kafka answered. From any thread. */
  void lineUp(Instant now) {
    if (lineSeen.isEmpty()) {
      lineUpSince = now;
    }
    lineSeen = Optional.of(now);
  }

  /** Kafka did not answer. From any thread. */
  void lineDown() {
    lineSeen = Optional.empty();
  }

  /**
   * Reads until it is told to stop.
   *
   * @return why it cannot go on, if that is so
   */
  Optional<String> run(BooleanSupplier stop) {
    consumer.subscribe(List.of(Topics.REPORTS), new Owner());
    while (!ended && !stop.getAsBoolean() && impossible.isEmpty()) {
      poll();
      position();
      timers();
    }
    return impossible;
  }

  private void poll() {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      LOG.warnf("not in the log any more: %s", e.offsetOutOfRangePartitions());
      for (TopicPartition each : e.offsetOutOfRangePartitions().keySet()) {
        lane(each).ifPresent(this::away);
      }
      return;
    }
    for (TopicPartition each : records.partitions()) {
      Optional<Lane> lane = lane(each);
      if (lane.isPresent() && lane.get().isPositioned()) {
        take(lane.get(), records.records(each));
      }
    }
  }

  private void take(Lane lane, List<ConsumerRecord<byte[], byte[]>> records) {
    List<Arrival> arrivals = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> r : records) {
      if (r.offset() >= lane.position()) {
        arrivals.add(
            new Arrival(
                r.partition(),
                r.offset(),
                Instant.ofEpochMilli(r.timestamp()),
                IngestLoop.bytes(r.key()),
                IngestLoop.bytes(r.value())));
      }
    }
    if (arrivals.isEmpty()) {
      return;
    }
    List<Decoded> decoded = arrivals.parallelStream().map(decoder::decode).toList();
    work(lane, l -> parts.slices().take(l, decoded));
    if (!lane.isPositioned()) {
      away(lane);
    }
  }

  /** Sends lanes that do not know where they are to where they are. */
  private void position() {
    if (System.nanoTime() - nextPosition < 0) {
      return;
    }
    for (Lane lane : lanes.values()) {
      if (!lane.isPositioned()) {
        position(lane);
        if (!lane.isPositioned()) {
          // What is away for one is away for all: polling must go on meanwhile.
          return;
        }
      }
    }
  }

  private void position(Lane lane) {
    TopicPartition at = at(lane);
    try {
      long beginning = consumer.beginningOffsets(List.of(at)).getOrDefault(at, 0L);
      long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
      work(
          lane,
          l -> {
            impossible = parts.positions().find(l, beginning, end);
          });
      if (lane.isPositioned()) {
        consumer.seek(at, lane.position());
        consumer.resume(List.of(at));
        LOG.infof("reading partition=%d from=%d", lane.part(), lane.position());
      }
    } catch (TimeoutException e) {
      parts.status().waits("Kafka: " + e.getMessage());
      retryLater();
    }
  }

  private void timers() {
    long now = System.nanoTime();
    boolean timersDue = now - nextTimers >= 0;
    boolean silenceDue = now - nextSilence >= 0;
    for (Lane lane : lanes.values()) {
      if (lane.isPositioned() && lane.isDue(parts.config().flush().toNanos())) {
        work(lane, l -> parts.slices().flush(l));
      }
      if (lane.isPositioned() && timersDue) {
        work(lane, l -> parts.timers().judge(l));
      }
      if (lane.isPositioned() && timersDue) {
        work(lane, l -> parts.timers().follow(l));
      }
      if (lane.isPositioned() && silenceDue) {
        Optional<Instant> progress = progress(lane);
        if (progress.isPresent()) {
          Instant up = lineUpSince;
          work(lane, l -> parts.timers().silence(l, progress.get(), up));
        }
      }
    }
    if (timersDue) {
      nextTimers = now + parts.config().timers().toNanos();
    }
    if (silenceDue) {
      nextSilence = now + parts.config().silence().toNanos();
    }
  }

  /** How far a partition has been read: to now if nothing waits in it and the broker answers. */
  private Optional<Instant> progress(Lane lane) {
    var lag = consumer.currentLag(at(lane));
    if (lag.isEmpty()) {
      return Optional.empty();
    }
    parts
        .figures()
        .progress(lane.part(), new IngestFigures.Progress(lag.getAsLong(), lane.progress()));
    return lag.getAsLong() == 0
        ? lineSeen.map(seen -> seen.minus(MARGIN))
        : Optional.of(lane.progress());
  }

  /** Work on a lane that needs the database. */
  @FunctionalInterface
  private interface Work {
    void on(Lane lane) throws SQLException, FenceLost;
  }

  private void work(Lane lane, Work work) {
    try {
      work.on(lane);
      parts.status().goesOn();
    } catch (SQLException e) {
      if (parts.status().waitingFor().isEmpty()) {
        LOG.warnf(e, "ingest waits for the database");
      }
      parts.status().waits("the database: " + e.getMessage());
      away(lane);
      retryLater();
    } catch (FenceLost e) {
      LOG.infof("%s: reading again from where the table is", e.getMessage());
      away(lane);
    }
  }

  private void away(Lane lane) {
    lane.drop();
    if (consumer.assignment().contains(at(lane))) {
      consumer.pause(List.of(at(lane)));
    }
  }

  private void retryLater() {
    nextPosition = System.nanoTime() + parts.config().retry().toNanos();
  }

  private Optional<Lane> lane(TopicPartition partition) {
    return Optional.ofNullable(lanes.get(partition.partition()));
  }

  private static TopicPartition at(Lane lane) {
    return new TopicPartition(Topics.REPORTS, lane.part());
  }

  /** Lanes come and go with the group's assignment. Called by the polling thread only. */
  private final class Owner implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.pause(partitions);
      for (TopicPartition each : partitions) {
        lanes.put(each.partition(), new Lane(topic.id(), each.partition()));
        // Paused, nothing is fetched from there; without a position the consumer would give up.
        consumer.seek(each, 0);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      for (TopicPartition each : partitions) {
        Lane lane = lanes.get(each.partition());
        if (lane != null && lane.isPositioned() && lane.position() > lane.stored()) {
          // The next owner need not read these heartbeats again.
          work(lane, l -> parts.slices().flush(l));
        }
      }
      onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      for (TopicPartition each : partitions) {
        lanes.remove(each.partition());
        parts.figures().gone(each.partition());
      }
    }
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE));
  }
}
