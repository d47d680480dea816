package io.patina.engine.reading;

import io.patina.engine.ingest.IngestConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How a replica joins the group that reads reports. */
final class ReportsConsumer {

  private ReportsConsumer() {}

  /** A consumer that has not subscribed yet; it commits nothing and never resets an offset. */
  static KafkaConsumer<byte[], byte[]> open(IngestConfig config, Map<String, Object> kafka) {
    return new KafkaConsumer<>(
        settings(config, kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Why a record cannot be taken, whatever is in it: its time is not the broker's. By that time
   * tokens expire and hosts are silent, so that a host that sets it would decide of both.
   */
  static Optional<String> objection(ConsumerRecord<byte[], byte[]> r) {
    return r.timestampType() == TimestampType.LOG_APPEND_TIME
        ? Optional.empty()
        : Optional.of(
            "the record at offset "
                + r.offset()
                + " of partition "
                + r.partition()
                + " of "
                + r.topic()
                + " has its sender's time: set message.timestamp.type=LogAppendTime for the topic,"
                + " delete the records that came before (kafka-delete-records), and start the"
                + " engine again");
  }

  private static Map<String, Object> settings(IngestConfig config, Map<String, Object> kafka) {
    int session = (int) config.sessionTimeout().toMillis();
    Map<String, Object> s = new HashMap<>(kafka);
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
}
