package io.patina.endtoend.secured;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.endtoend.line.Await;
import io.patina.wire.Topics;
import io.patina.wire.v1.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector that may write and nothing else, and whose credentials are rotated while it runs. */
class SecuredKafkaIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir static Path directory;
  private static Certificates certificates;
  private static TokenEndpoint tokens;
  private static SecuredBroker broker;

  @BeforeAll
  static void start() throws Exception {
    certificates = new Certificates(directory.resolve("keys"));
    tokens = new TokenEndpoint();
    broker = new SecuredBroker(directory.resolve("broker"), certificates, tokens);
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
    if (tokens != null) {
      tokens.close();
    }
  }

  @Test
  void aPasswordIsRotatedInItsFileWhileTheCollectorRuns() throws Exception {
    broker.password("scram-collector", "first");
    broker.allowWriting("User:scram-collector");
    Path secret = Files.createDirectories(directory.resolve("scram")).resolve("password");
    Files.writeString(secret, "first");
    Map<String, String> settings = scram("${directory:" + secret.getParent() + ":password}");
    try (SecuredCollector collector =
        new SecuredCollector(directory.resolve("scram-collector"), settings)) {
      awaitReports(collector, 3);

      // The broker asks connections for their password again: the old one is no good any more.
      broker.password("scram-collector", "second");
      collector.change();
      Await.until(
          "the collector notices that it is turned away",
          LIMIT,
          () -> collector.log().contains("event=kafka-away"));
      long then = reports(collector).size();
      replace(secret, "second");
      awaitReports(collector, then + 3);
      assertTrue(collector.isAlive());
      assertInOrder(reports(collector));
    }
  }

  @Test
  void whatTheCollectorMayDoIsWriteItsTwoTopics() throws Exception {
    broker.password("write-only", "secret");
    broker.allowWriting("User:write-only");
    Map<String, Object> client = new TreeMap<>(scram("secret", "write-only"));
    try (KafkaConsumer<byte[], byte[]> reader = consumer(client)) {
      reader.assign(List.of(new TopicPartition(Topics.REPORTS, 0)));
      assertThrows(AuthorizationException.class, () -> reader.poll(Duration.ofSeconds(30)));
    }
    try (Admin admin = Admin.create(client)) {
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () -> admin.createTopics(List.of(new NewTopic("other", 1, (short) 1))).all().get());
      assertInstanceOf(AuthorizationException.class, refused.getCause());
      assertThrows(
          ExecutionException.class, () -> admin.deleteTopics(List.of(Topics.REPORTS)).all().get());
    }
    try (SecuredCollector collector =
        new SecuredCollector(directory.resolve("write-only"), scram("secret", "write-only"))) {
      awaitReports(collector, 3);
    }
  }

  @Test
  void aCertificateIsRotatedInItsFileWhileTheCollectorRuns() throws Exception {
    Path first = certificates.signed("first-collector");
    Path second = certificates.signed("second-collector");
    broker.allowWriting("User:CN=first-collector");
    Path store = directory.resolve("collector.p12");
    Files.copy(first, store);
    try (SecuredCollector collector =
        new SecuredCollector(
            directory.resolve("certificate-collector"), broker.byCertificate(store))) {
      awaitReports(collector, 3);
      broker.allowWriting("User:CN=second-collector");
      Path fresh = store.resolveSibling("fresh.p12");
      Files.copy(second, fresh);
      Files.move(fresh, store, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Await.until(
          "the new certificate is taken over, though the old one is still good",
          LIMIT,
          () -> collector.log().contains("event=credentials-rotated"));
      // Whoever still showed the old one could not write any more.
      broker.forbidWriting("User:CN=first-collector");
      awaitReports(collector, reports(collector).size() + 3);
      assertInOrder(reports(collector));
    }
  }

  @Test
  void aTokenIsFetchedWithASecretThatIsRotatedWhileTheCollectorRuns() throws Exception {
    broker.allowWriting("User:token-collector");
    tokens.accept("collector", "first");
    Path secret = directory.resolve("token.properties");
    Files.writeString(secret, "secret=first\n");
    Map<String, String> settings = new TreeMap<>(broker.trusting());
    settings.put("bootstrap.servers", broker.token());
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "OAUTHBEARER");
    settings.put("sasl.oauthbearer.token.endpoint.url", tokens.tokens().toString());
    settings.put(
        "sasl.login.callback.handler.class",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
            + " clientId=\"collector\" clientSecret=\"${file:"
            + secret
            + ":secret}\";");
    try (SecuredCollector collector =
        new SecuredCollector(directory.resolve("token-collector"), settings)) {
      awaitReports(collector, 3);
      int issued = tokens.issued();
      tokens.accept("collector", "second");
      replace(secret, "secret=second\n");
      Await.until("a token is fetched with the new secret", LIMIT, () -> tokens.issued() > issued);
      awaitReports(collector, reports(collector).size() + 3);
      assertInOrder(reports(collector));
    }
  }

  private static Map<String, String> scram(String password) {
    return scram(password, "scram-collector");
  }

  private static Map<String, String> scram(String password, String user) {
    Map<String, String> settings = new TreeMap<>(broker.trusting());
    settings.put("bootstrap.servers", broker.scram());
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
            + user
            + "\" password=\""
            + password
            + "\";");
    return settings;
  }

  /** As whoever rotates a secret does: the whole new file takes the place of the old one. */
  private static void replace(Path file, String content) throws IOException {
    Path fresh = Files.createTempFile(directory, "fresh", "");
    Files.writeString(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void awaitReports(SecuredCollector collector, long count) {
    try {
      Await.until(count + " reports have arrived", LIMIT, () -> reports(collector).size() >= count);
    } catch (AssertionError e) {
      try {
        e.addSuppressed(new IOException("its log:\n" + collector.log()));
      } catch (IOException unreadable) {
        e.addSuppressed(unreadable);
      }
      throw e;
    }
  }

  /** What one collector has delivered, in order: one key, one partition. */
  private static List<Report> reports(SecuredCollector collector) throws IOException {
    byte[] key = collector.installation();
    List<Report> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> reader =
        consumer(new TreeMap<>(broker.byCertificate(directory.resolve("keys/broker.p12"))))) {
      List<TopicPartition> all = new ArrayList<>();
      for (int part = 0; part < 6; part++) {
        all.add(new TopicPartition(Topics.REPORTS, part));
      }
      reader.assign(all);
      Map<TopicPartition, Long> ends = reader.endOffsets(all);
      reader.seekToBeginning(all);
      Map<TopicPartition, Long> at = new HashMap<>();
      all.forEach(p -> at.put(p, 0L));
      while (all.stream().anyMatch(p -> at.getOrDefault(p, 0L) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofSeconds(1))) {
          at.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
          if (Arrays.equals(record.key(), key)) {
            found.add(Report.parseFrom(record.value()));
          }
        }
      }
    }
    return found;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** None is missing; one may be there twice, because an answer was lost. */
  private static void assertInOrder(List<Report> reports) {
    long last = 0;
    for (Report report : reports) {
      assertTrue(report.getSequence() <= last + 1, () -> "a hole before " + report.getSequence());
      last = Math.max(last, report.getSequence());
    }
    assertEquals(1, reports.getFirst().getSequence());
  }
}
