package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.endtoend.line.Api;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.RunningPart;
import io.patina.endtoend.line.TestLine;
import io.patina.endtoend.reports.DriftScript;
import io.patina.endtoend.reports.ReportTopic;
import io.patina.endtoend.reports.SimulatedInstallation;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.golden.GoldenBaseline;
import io.patina.stack.broker.TopicSettings;
import io.patina.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What the engine does while a part that it needs is away, and when the topic has lost records. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutagesIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  private static TestLine line;
  private static RunningPart database;
  private static RunningPart broker;
  private static RunningPart engine;
  private static ReportTopic topic;
  private static DriftScript script;
  private static SimulatedInstallation host;
  private static int marks;

  @BeforeAll
  static void start() throws Exception {
    line = TestLine.create("outages");
    database = line.database();
    broker = line.broker();
    engine = line.engine();
    topic = new ReportTopic(line.parts().bootstrapServers());
    script = new DriftScript(7, 1);
    Baselines.publish(line, topic, line.sign(script.baseline(), script.golden()));
    host = script.hosts().getFirst();
    var unused = topic.send(host.snapshot(Optional.empty()));
    awaitVisible(mark());
  }

  @AfterAll
  static void stop() throws IOException {
    if (topic != null) {
      topic.close();
    }
    line.close();
  }

  @Test
  @Order(1)
  void withoutTheDatabaseIngestWaitsAndSaysSoAndGoesOnByItself() throws Exception {
    database.kill();
    String first = mark();
    Api.Answer unready = awaitUnready();
    assertTrue(unready.body().contains("database"), unready.body());
    String second = mark();
    database = line.database();
    awaitVisible(first);
    awaitVisible(second);
    awaitReady();
    assertTrue(engine.isAlive(), "the engine did not live through it");
  }

  @Test
  @Order(2)
  void withoutTheBrokerTheEngineWaitsAndGoesOnByItself() throws Exception {
    broker.kill();
    Api.Answer unready = awaitUnready();
    assertFalse(unready.body().isEmpty());
    broker = line.broker();
    awaitVisible(mark());
    awaitReady();
    assertTrue(engine.isAlive(), "the engine did not live through it");
  }

  @Test
  @Order(3)
  void anEngineWithAnEmptyDatabaseTakesItsCatalogueUpAndFetchesManifestsFromAnother()
      throws Exception {
    engine.stop();
    engine = line.engine("PATINA_CATALOGUE_APPROVE_SIGNED=false");
    Api api = line.api();
    String keeper = Files.readString(line.data().run("token")).strip();
    String author = token(api, keeper, "alice@example.org", "author");
    String approver = token(api, keeper, "bob@example.org", "approver");
    String operator = token(api, keeper, "olga@example.org", "operator");
    for (String name : List.of("kept", "waiting", "withdrawn")) {
      String envelope = line.sign(named(name), script.golden()).json();
      assertEquals(200, api.post("api/v1/baselines", author, envelope).status());
    }
    step(api, approver, "kept/1/approval", ",\"precedence\":5");
    step(api, operator, "kept/1/activation", "");
    step(api, approver, "waiting/1/approval", ",\"precedence\":6");
    step(api, approver, "withdrawn/1/retirement", "");
    Await.until(
        "what was decided has been told",
        LIMIT,
        () -> line.count("select count(*) from outbox where sent_at is null") == 0);

    TestLine.Replica empty = line.replica();
    RunningPart other =
        empty.launch(
            "QUARKUS_DATASOURCE_JDBC_URL=" + line.anotherDatabase("empty"),
            "PATINA_INGEST_GROUP=empty",
            "PATINA_CATALOGUE_APPROVE_SIGNED=false",
            "PATINA_STORE_DIR=" + Files.createDirectories(line.scratch().resolve("empty")),
            "PATINA_CATALOGUE_STORE_URLS=" + line.parts().page());
    other.awaitReady();
    Await.until(
        "the catalogue is taken up, its manifest with it",
        LIMIT,
        () ->
            states(empty.api())
                .equals(
                    List.of(
                        "kept active 5",
                        // By signature alone, which does not count here.
                        "simulated draft 0",
                        "waiting approved 6",
                        "withdrawn retired 0")));
    assertEquals(
        List.of("kept active 5", "simulated active 0", "waiting approved 6", "withdrawn retired 0"),
        states(api));
    Await.until(
        "the host is held against it",
        LIMIT,
        () ->
            empty
                .api()
                .installation(host.hex())
                .filter(h -> h.path("baseline").path("name").asText().equals("kept"))
                .isPresent());
    other.stop();
  }

  private static List<String> states(Api api) throws Exception {
    List<String> states = new ArrayList<>();
    for (JsonNode b : api.all("api/v1/baselines")) {
      String name = b.path("name").asText();
      JsonNode life = api.json("api/v1/baselines/" + name + "/1/life");
      states.add(name + " " + life.path("state").asText() + " " + life.path("precedence").asInt());
    }
    return states;
  }

  private static String token(Api api, String keeper, String subject, String role)
      throws Exception {
    Api.Answer answer =
        api.post(
            "api/v1/tokens",
            keeper,
            "{\"subject\":\"" + subject + "\",\"roles\":[\"" + role + "\"]}");
    assertEquals(201, answer.status(), answer.body());
    return answer.json().path("token").asText();
  }

  private static void step(Api api, String token, String path, String more) throws Exception {
    Api.Answer answer =
        api.post("api/v1/baselines/" + path, token, "{\"reason\":\"tonight\"" + more + "}");
    assertEquals(200, answer.status(), answer.body());
  }

  private static GoldenBaseline named(String name) {
    GoldenBaseline b = script.baseline();
    return new GoldenBaseline(
        name,
        "1",
        b.manifest(),
        b.scopes(),
        b.exhaustive(),
        b.expectations(),
        b.policy(),
        b.selector(),
        b.createdAt(),
        "the image pipeline");
  }

  @Test
  @Order(4)
  void recordsThatRetentionRemovedUnreadAreARecordedLoss() throws Exception {
    engine.stop();
    String lost = mark();
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (int part = 0; part < 6; part++) {
        latest.put(new TopicPartition(Topics.REPORTS, part), OffsetSpec.latest());
      }
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      admin
          .listOffsets(latest)
          .all()
          .get()
          .forEach((part, end) -> all.put(part, RecordsToDelete.beforeOffset(end.offset())));
      Void unused = admin.deleteRecords(all).all().get();
    }
    engine = line.engine();
    Await.until(
        "the host is marked out of sync, with the reason",
        LIMIT,
        () -> {
          JsonNode sync = known().path("sync");
          return sync.path("state").asText().equals("out-of-sync")
              && !sync.path("reason").asText().isEmpty();
        });
    assertEquals(1, line.count("select count(*) from loss_interval"));
    assertEquals(
        1,
        line.count("select to_offset - from_offset from loss_interval"),
        "one record was lost, and it is that one");
    var unused = topic.send(host.snapshot(Optional.empty()));
    awaitVisible(lost);
    assertEquals("proven", known().path("sync").path("state").asText());
  }

  @Test
  @Order(5)
  void aTopicThatWasMadeAnewStopsIngestWithAnExplanation() throws Exception {
    String id = makeTheTopicAnew();
    Await.until(
        "health explains the stop",
        LIMIT,
        () -> {
          Api.Answer answer = line.api().get("q/health/ready");
          return answer.status() == 503 && answer.body().contains("\"stopped\"");
        });
    engine.stop();
    engine = line.launchEngine();
    Await.until(
        "after a restart too, and health says how to go on",
        LIMIT,
        () -> {
          Api.Answer answer = line.api().get("q/health/ready");
          return answer.status() == 503 && answer.body().contains(id);
        });
    String mark = mark();
    assertFalse(
        line.api().open(known().path("id").asText()).contains("file " + mark + " unexpected"),
        "a topic that is another was read");

    engine.stop();
    engine = line.engine("PATINA_INGEST_ACCEPT_TOPIC_ID=" + id);
    var unused = topic.send(host.snapshot(Optional.empty()));
    awaitVisible(mark);
    assertEquals("proven", known().path("sync").path("state").asText());
  }

  @Test
  @Order(6)
  void aNewTopicThatIsLongerThanTheOldOneIsNotReadAsTheOldOne() throws Exception {
    engine.stop();
    // Nothing looks at the topic while nothing comes from it: only what is asked before records
    // take effect can tell.
    engine = line.engine("PATINA_INGEST_WATCH=1h");
    awaitVisible(mark());
    long taken = line.count("select max(next) from partition_offset");
    engine.freeze();
    String id = makeTheTopicAnew();
    int part = topic.partitionFor(host.id());
    for (long i = 0; i < taken + 10; i++) {
      var unused = topic.sendTo(part, host.id(), ByteString.copyFromUtf8("of another life"));
    }
    String mark = mark();
    engine.thaw();
    Await.until(
        "health explains the stop",
        LIMIT,
        () -> {
          Api.Answer answer = line.api().get("q/health/ready");
          return answer.status() == 503 && answer.body().contains(id);
        });
    assertFalse(
        line.api().open(known().path("id").asText()).contains("file " + mark + " unexpected"),
        "a topic that is another was read");
    assertEquals(
        taken, line.count("select max(next) from partition_offset"), "offsets moved in it");
  }

  /** Deletes the topic and creates it again; answers its new id. */
  private static String makeTheTopicAnew() throws Exception {
    try (Admin admin = admin()) {
      Void unused = admin.deleteTopics(List.of(Topics.REPORTS)).all().get();
      Await.until(
          "the topic is gone",
          LIMIT,
          () -> !admin.listTopics().names().get().contains(Topics.REPORTS));
      TopicSettings.create(line.parts().bootstrapServers());
      return Await.value(
          "the new topic is known",
          LIMIT,
          () ->
              admin.describeTopics(List.of(Topics.REPORTS)).allTopicNames().get().values().stream()
                  .map(description -> description.topicId().toString())
                  .findFirst());
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", line.parts().bootstrapServers()));
  }

  /** Sends a change that can be told apart; the answer is its path. */
  private static String mark() throws Exception {
    String path = "/usr/bin/mark-" + ++marks;
    FactKey key = FactKey.of(Facet.FILE, path);
    Entry entry =
        Entry.of(
            key,
            new Attributes.Builder()
                .text(Attributes.TYPE, "link")
                .text(Attributes.TARGET, "mark")
                .build());
    var unused = topic.send(host.delta(Map.of(key, Optional.of(entry))));
    return path;
  }

  private static void awaitVisible(String path) {
    Await.until(
        path + " is visible",
        LIMIT,
        () ->
            line.api().open(known().path("id").asText()).contains("file " + path + " unexpected"));
  }

  private static JsonNode known() throws IOException, InterruptedException {
    return line.api().installation(host.hex()).orElseThrow(() -> new IOException("not known"));
  }

  private static Api.Answer awaitUnready() {
    return Await.value(
        "health says that something is away",
        LIMIT,
        () -> Optional.of(line.api().get("q/health/ready")).filter(a -> a.status() == 503));
  }

  private static void awaitReady() {
    Await.until(
        "health is well again", LIMIT, () -> line.api().get("q/health/ready").status() == 200);
  }
}
