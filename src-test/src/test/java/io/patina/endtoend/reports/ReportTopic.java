package io.patina.endtoend.reports;

import com.google.protobuf.ByteString;
import io.patina.wire.Topics;
import io.patina.wire.v1.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A client of the broker that sends records as collectors do, and reads topics from the start. */
public final class ReportTopic implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  private final String bootstrapServers;
  private final KafkaProducer<byte[], byte[]> producer;

  public ReportTopic(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "max.in.flight.requests.per.connection",
                "1",
                "delivery.timeout.ms",
                "180000",
                "max.request.size",
                String.valueOf(4 << 20)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends a report under its installation's id; returns once the broker has it. */
  public RecordMetadata send(Report report) throws InterruptedException, ExecutionException {
    return send(report.getInstallation(), report.toByteString());
  }

  /** Sends any bytes under any key. */
  public RecordMetadata send(ByteString key, ByteString value)
      throws InterruptedException, ExecutionException {
    return send(Topics.REPORTS, key, value);
  }

  public RecordMetadata send(String topic, ByteString key, ByteString value)
      throws InterruptedException, ExecutionException {
    return producer.send(new ProducerRecord<>(topic, key.toByteArray(), value.toByteArray())).get();
  }

  /** Sends to one partition, whatever the key. */
  public RecordMetadata sendTo(int partition, ByteString key, ByteString value)
      throws InterruptedException, ExecutionException {
    return producer
        .send(
            new ProducerRecord<>(Topics.REPORTS, partition, key.toByteArray(), value.toByteArray()))
        .get();
  }

  /** The partition that records under this key go to. */
  public int partitionFor(ByteString key) {
    int partitions = producer.partitionsFor(Topics.REPORTS).size();
    return org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(
        key.toByteArray(), partitions);
  }

  /**
   * What the topic of reports holds.
   *
   * @param bytes of keys and values
   */
  public record Volume(long records, long bytes) {}

  /** What the topic of reports holds now. */
  public Volume volume() {
    List<ConsumerRecord<byte[], byte[]>> all = readAll(Topics.REPORTS);
    return new Volume(
        all.size(),
        all.stream().mapToLong(r -> r.serializedKeySize() + r.serializedValueSize()).sum());
  }

  /** Everything in a topic now, in order of partition and offset. */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(POLL).forEach(all::add);
      }
      return all;
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
