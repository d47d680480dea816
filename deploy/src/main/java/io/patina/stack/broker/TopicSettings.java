package io.patina.stack.broker;

import io.patina.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics of the line and their settings.
 *
 * <p>A topic that exists is left as it is: the number of partitions of the reports topic is fixed
 * for the topic's life, because every record's partition follows from its key, and retention may
 * have been changed by an operator.
 */
public final class TopicSettings {
  /** Enough for three replicas to share the work; a laptop pays 6 x 2 small index files for it. */
  public static final int REPORT_PARTITIONS = 6;

  private TopicSettings() {}

  /** Every topic, with one replica. */
  static List<NewTopic> all() {
    // The payload of a report is one zstd frame already; and the engine's clock of observation is
    // the time at which the broker appended the record, never what a host claims.
    Map<String, String> appended =
        Map.of(
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            "uncompressed",
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "LogAppendTime");
    return List.of(
        // Seven days: at least three intervals between two snapshots of one host (24 h each).
        topic(Topics.REPORTS, REPORT_PARTITIONS, appended, retention(Duration.ofDays(7))),
        topic(
            Topics.BASELINES,
            1,
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                // A reader that was away for a day still sees that a baseline was withdrawn.
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                millis(Duration.ofDays(1)))),
        topic(Topics.DRIFT_EVENTS, REPORT_PARTITIONS, retention(Duration.ofDays(30))),
        // What operators decided is kept until they delete it.
        topic(Topics.DECISIONS, 1, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")),
        topic(
            Topics.DEAD_LETTERS,
            1,
            retention(Duration.ofDays(30)),
            Map.of(TopicConfig.RETENTION_BYTES_CONFIG, String.valueOf(256L << 20))));
  }

  /**
   * Creates the topics that are missing and returns once the broker has created them.
   *
   * @throws IllegalStateException if the broker refuses for another reason than "exists"
   */
  public static void create(String bootstrapServers) throws InterruptedException {
    Properties properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(properties)) {
      var results = admin.createTopics(all()).values();
      List<String> refused = new ArrayList<>();
      for (var result : results.entrySet()) {
        try {
          result.getValue().get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            refused.add(result.getKey() + ": " + e.getCause());
          }
        }
      }
      if (!refused.isEmpty()) {
        throw new IllegalStateException("topics not created: " + String.join("; ", refused));
      }
    }
  }

  @SafeVarargs
  private static NewTopic topic(String name, int partitions, Map<String, String>... settings) {
    Map<String, String> all = new TreeMap<>();
    for (Map<String, String> each : settings) {
      all.putAll(each);
    }
    return new NewTopic(name, partitions, (short) 1).configs(all);
  }

  private static Map<String, String> retention(Duration time) {
    return Map.of(TopicConfig.RETENTION_MS_CONFIG, millis(time));
  }

  private static String millis(Duration time) {
    return String.valueOf(time.toMillis());
  }
}
