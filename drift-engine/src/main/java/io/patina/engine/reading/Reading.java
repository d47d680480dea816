package io.patina.engine.reading;

import io.patina.engine.ingest.IngestFigures;
import io.patina.engine.ingest.Lane;
import io.patina.engine.ingest.Lane.FenceLost;
import io.patina.engine.ingest.Slice;
import io.patina.engine.ingest.Slices;
import io.patina.engine.reports.Arrival;
import io.patina.engine.reports.Decoded;
import io.patina.engine.reports.ReportDecoder;
import io.patina.wire.Topics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/**
 * One membership in the consumer group, from joining to leaving. Polls, gives each partition's
 * records to {@link Slices}, and lets time pass for the partitions it owns. Offsets are kept in the
 * database only: a partition is paused until its lane has read where it is and the consumer has
 * been sent there. One thread polls and works, so that a partition is never taken away in the
 * middle of a transaction.
 */
public final class Reading implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Reading.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final ReadingParts parts;
  private final TopicWatch watch;
  private final TopicWatch.Topic topic;
  private final ReportDecoder decoder;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, Lane> lanes = new TreeMap<>();
  private volatile boolean ended;
  private boolean behind;
  private int turn;
  private final BrokerLine line;
  private final SpareTime spare;
  private long nextTimers = System.nanoTime();
  private long nextSilence = System.nanoTime();
  private long nextPosition = System.nanoTime();
  private Optional<String> impossible = Optional.empty();

  Reading(
      ReadingParts parts,
      TopicWatch watch,
      Map<String, Object> kafka,
      TopicWatch.Topic topic,
      BrokerLine line) {
    this.parts = parts;
    this.watch = watch;
    this.topic = topic;
    this.decoder = new ReportDecoder(topic.partitions());
    this.line = line;
    this.spare = new SpareTime(parts.config().slice());
    this.consumer = ReportsConsumer.open(parts.config(), kafka);
  }

  /** Ends the reading soon. From any thread. */
  void end() {
    ended = true;
  }

  /**
   * Reads until it is told to stop.
   *
   * @return why it cannot go on, if that is so
   */
  Optional<String> run(BooleanSupplier stop) {
    consumer.subscribe(List.of(Topics.REPORTS), new Owner());
    while (!ended && !stop.getAsBoolean() && impossible.isEmpty()) {
      long begun = System.nanoTime();
      poll();
      spare.reportsTook(System.nanoTime() - begun, doMoreWait());
      position();
      timers();
    }
    return impossible;
  }

  private void poll() {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(behind && spare.isLeft() ? Duration.ZERO : POLL);
    } catch (OffsetOutOfRangeException e) {
      LOG.warnf("not in the log any more: %s", e.offsetOutOfRangePartitions());
      for (TopicPartition each : e.offsetOutOfRangePartitions().keySet()) {
        lane(each).ifPresent(this::away);
      }
      return;
    }
    if (records.isEmpty()) {
      return;
    }
    // Asked after the fetch, answered while it is decoded, awaited before the first effect.
    KafkaFuture<Map<String, TopicDescription>> asked = watch.ask();
    Map<Lane, List<Decoded>> fetched = new LinkedHashMap<>();
    for (TopicPartition each : records.partitions()) {
      Optional<Lane> lane = lane(each);
      if (lane.isPresent() && lane.get().isPositioned() && impossible.isEmpty()) {
        List<Decoded> decoded = decode(lane.get(), records.records(each));
        if (!decoded.isEmpty()) {
          fetched.put(lane.get(), decoded);
        }
      }
    }
    if (impossible.isEmpty() && cameFromTheTopic(asked, fetched.keySet())) {
      fetched.forEach(this::take);
    }
  }

  /** Whether more reports wait than one poll takes, as far as the last fetch has told. */
  private boolean doMoreWait() {
    long waiting = 0;
    for (Lane lane : lanes.values()) {
      if (lane.isPositioned()) {
        waiting += consumer.currentLag(at(lane)).orElse(0);
      }
    }
    return waiting > parts.config().batch();
  }

  private List<Decoded> decode(Lane lane, List<ConsumerRecord<byte[], byte[]>> records) {
    List<Arrival> arrivals = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> r : records) {
      if (r.offset() >= lane.position()) {
        impossible = ReportsConsumer.objection(r);
        if (impossible.isPresent()) {
          return List.of();
        }
        arrivals.add(
            new Arrival(
                r.partition(),
                r.offset(),
                Instant.ofEpochMilli(r.timestamp()),
                IngestLoop.bytes(r.key()),
                IngestLoop.bytes(r.value())));
      }
    }
    return arrivals.parallelStream().map(decoder::decode).toList();
  }

  /**
   * Whether what was fetched came from the topic that the offsets belong to. A consumer follows a
   * topic that was made anew without a word, and reads it as the old one as soon as it is longer.
   */
  private boolean cameFromTheTopic(
      KafkaFuture<Map<String, TopicDescription>> asked, Collection<Lane> lanesFetched) {
    try {
      if (TopicWatch.isStill(topic, asked)) {
        return true;
      }
      LOG.warnf("records of another topic by the name %s are not taken", Topics.REPORTS);
      ended = true;
    } catch (TopicWatch.TopicAway e) {
      parts.status().waits("Kafka: " + e.getMessage());
      lanesFetched.forEach(this::away);
      retryLater();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended = true;
    }
    return false;
  }

  private void take(Lane lane, List<Decoded> decoded) {
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
    boolean timersDue = behind || now - nextTimers >= 0;
    boolean silenceDue = now - nextSilence >= 0;
    for (Lane lane : lanes.values()) {
      if (lane.isPositioned() && lane.isDue(parts.config().flush().toNanos())) {
        work(lane, l -> parts.slices().flush(l));
      }
      if (lane.isPositioned() && timersDue) {
        work(lane, l -> parts.decisions().follow(l));
      }
      if (lane.isPositioned() && silenceDue) {
        work(lane, l -> parts.turns().end());
        Optional<Instant> progress = progress(lane);
        if (progress.isPresent()) {
          Instant up = line.upSince();
          work(lane, l -> parts.timers().silence(l, progress.get(), up));
        }
      }
    }
    if (timersDue) {
      timePasses();
      nextTimers = now + parts.config().timers().toNanos();
    }
    if (silenceDue) {
      nextSilence = now + parts.config().silence().toNanos();
    }
  }

  /**
   * Hosts are judged and follow the catalogue, for a slice of time: ten thousand of them must not
   * hold up reports. Each time another partition begins.
   */
  private void timePasses() {
    Optional<Slice> left = spare.slice();
    if (left.isEmpty()) {
      return;
    }
    long begun = System.nanoTime();
    timePasses(left.get());
    spare.took(System.nanoTime() - begun);
  }

  private void timePasses(Slice slice) {
    List<Lane> inTurn = new ArrayList<>(lanes.values());
    Collections.rotate(inTurn, turn++);
    behind = false;
    for (Lane lane : inTurn) {
      if (slice.isOver()) {
        behind = true;
        return;
      }
      if (lane.isPositioned()) {
        work(lane, l -> behind |= parts.timers().judge(l, slice));
      }
      if (lane.isPositioned()) {
        work(lane, l -> behind |= parts.timers().follow(l, slice));
      }
      if (lane.isPositioned() && !slice.isOver()) {
        work(lane, l -> behind |= parts.turns().follow(l, slice));
      }
    }
  }

  /** How far a partition has been read, as the figures are told, too. */
  private Optional<Instant> progress(Lane lane) {
    var lag = consumer.currentLag(at(lane));
    if (lag.isEmpty()) {
      return Optional.empty();
    }
    parts
        .figures()
        .progress(lane.part(), new IngestFigures.Progress(lag.getAsLong(), lane.progress()));
    return line.readTo(lag.getAsLong(), lane.progress());
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
