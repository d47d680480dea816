package io.patina.engine.reading;

import io.patina.engine.database.Transactions;
import io.patina.wire.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the broker which topic the reports topic is. A topic that was made anew has another id, and
 * offsets of the old one mean nothing in it.
 */
final class TopicWatch implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * The topic as it is.
   *
   * @param id Kafka's topic id
   */
  record Topic(String id, int partitions) {}

  private final Admin admin;

  /**
   * @param kafka where the broker is and how to speak with it
   */
  TopicWatch(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "patina-engine-watch");
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    this.admin = Admin.create(settings);
  }

  /**
   * The topic now.
   *
   * @throws TopicAway if the broker does not answer or has no such topic; the message says which
   */
  Topic look() throws TopicAway, InterruptedException {
    try {
      TopicDescription d =
          admin
              .describeTopics(List.of(Topics.REPORTS))
              .allTopicNames()
              .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .values()
              .iterator()
              .next();
      return new Topic(d.topicId().toString(), d.partitions().size());
    } catch (ExecutionException e) {
      throw new TopicAway(reason(e), e);
    } catch (TimeoutException e) {
      throw new TopicAway("no answer within " + 2 * PATIENCE.toSeconds() + " s", e);
    }
  }

  /**
   * Asks whether the topic is still this one. Ids never come back: if it still is when the broker
   * answers, whatever was fetched before the question came from it.
   *
   * @return answers later; {@link #isStill} waits for it
   */
  KafkaFuture<Map<String, TopicDescription>> ask() {
    return admin.describeTopics(List.of(Topics.REPORTS)).allTopicNames();
  }

  /**
   * The answer to {@link #ask}.
   *
   * @throws TopicAway if there was none
   */
  static boolean isStill(Topic topic, KafkaFuture<Map<String, TopicDescription>> asked)
      throws TopicAway, InterruptedException {
    try {
      return asked.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS).values().stream()
          .anyMatch(d -> d.topicId().toString().equals(topic.id()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new TopicAway(reason(e), e);
    } catch (TimeoutException e) {
      throw new TopicAway("no answer within " + 2 * PATIENCE.toSeconds() + " s", e);
    }
  }

  /** The topic cannot be looked at. */
  static final class TopicAway extends Exception {
    TopicAway(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Why ingest must not read this topic, if it must not.
   *
   * @param accepted a topic id that an operator has accepted
   */
  static Optional<String> objection(
      Transactions transactions, Topic topic, Optional<String> accepted) throws SQLException {
    return transactions.run(
        connection -> {
          int known = count(connection, "topic_id = ?", topic.id());
          int others = count(connection, "topic_id <> ?", topic.id());
          if (known == 0 && others > 0 && !accepted.equals(Optional.of(topic.id()))) {
            return Optional.of(
                "the topic "
                    + Topics.REPORTS
                    + " was made anew: its id is "
                    + topic.id()
                    + " and what is known is about another. What was in the old one and had not"
                    + " been read is lost. To go on, set patina.ingest.accept-topic-id="
                    + topic.id());
          }
          if (known > topic.partitions() || (known > 0 && known < topic.partitions())) {
            return Optional.of(
                "the topic "
                    + Topics.REPORTS
                    + " has "
                    + topic.partitions()
                    + " partitions and had "
                    + known
                    + ": their number is fixed for its life, because every host has one of them");
          }
          return Optional.empty();
        });
  }

  /**
   * Makes a row for every partition, if there is none, beginning where the log begins; with a topic
   * that took the place of another, every host has to be proven again.
   */
  void register(Transactions transactions, Topic topic)
      throws SQLException, TopicAway, InterruptedException {
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    for (int part = 0; part < topic.partitions(); part++) {
      earliest.put(new TopicPartition(Topics.REPORTS, part), OffsetSpec.earliest());
    }
    Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> found;
    try {
      found = admin.listOffsets(earliest).all().get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new TopicAway(reason(e), e);
    } catch (TimeoutException e) {
      throw new TopicAway("no answer within " + 2 * PATIENCE.toSeconds() + " s", e);
    }
    transactions.perform(
        connection -> {
          boolean replaces = count(connection, "topic_id <> ?", topic.id()) > 0;
          boolean isNew = false;
          try (PreparedStatement s =
              connection.prepareStatement(
                  "insert into partition_offset (topic_id, part, next) values (?, ?, ?)"
                      + " on conflict do nothing")) {
            for (var each : found.entrySet()) {
              s.setString(1, topic.id());
              s.setInt(2, each.getKey().partition());
              s.setLong(3, each.getValue().offset());
              isNew |= s.executeUpdate() == 1;
            }
          }
          if (replaces && isNew) {
            LossIntervals.outOfSync(connection, -1, "the topic of its reports was made anew");
          }
        });
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  private static int count(Connection connection, String where, String id) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select count(*) from partition_offset where " + where)) {
      s.setString(1, id);
      try (ResultSet rows = s.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Override
  public void close() {
    admin.close(PATIENCE);
  }
}
