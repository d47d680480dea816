package io.patina.stack.line;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.stack.database.Database;
import io.patina.wire.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a person runs them, with the real broker and the real database. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LineIT {
  private static final String PARTS = "--parts=database,broker";

  @TempDir Path parent;

  private Path root = Path.of("unset");
  private DataDirectory data = new DataDirectory(root);

  /** What a command printed and how it ended. */
  private record Ended(int code, String output) {}

  @BeforeEach
  void place() {
    root = parent.resolve("a line with spaces");
    data = new DataDirectory(root);
  }

  @AfterEach
  void down() throws Exception {
    line("down", "--purge");
  }

  @Test
  void whatIsKeptSurvivesARestartAndPurgeLeavesNothing() throws Exception {
    Ended up = line("up", "--detach", PARTS);
    assertEquals(0, up.code(), up.output());
    assertTrue(up.output().contains("broker     ready"), up.output());
    assertTrue(up.output().contains("Logs  " + data.logs()), up.output());
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertEquals("on", show(statement, "fsync"));
      assertEquals("on", show(statement, "synchronous_commit"));
      assertEquals("127.0.0.1", show(statement, "listen_addresses"));
      assertEquals("off", show(statement, "is_superuser"));
      statement.execute("create table kept (word text)");
      statement.execute("insert into kept values ('patina')");
    }
    produce("kept".getBytes(StandardCharsets.UTF_8));
    assertTopics();
    Ended status = line("status");
    assertEquals(0, status.code(), status.output());
    assertTrue(status.output().contains("MiB"), status.output());

    Ended down = line("down");
    assertEquals(0, down.code(), down.output());
    assertEquals(3, line("status").code());
    assertTrue(
        down.output().indexOf("broker     stopped") < down.output().indexOf("database   stopped"),
        down.output());

    Ended again = line("up", "--detach", PARTS);
    assertEquals(0, again.code(), again.output());
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select word from kept")) {
      assertTrue(rows.next());
      assertEquals("patina", rows.getString(1));
    }
    assertEquals(1, records());

    Ended purge = line("down", "--purge");
    assertEquals(0, purge.code(), purge.output());
    assertFalse(Files.exists(root));
  }

  @Test
  void aSecondUpSaysThatTheFirstOneRuns() throws Exception {
    assertEquals(0, line("up", "--detach", PARTS).code());
    Ended second = line("up", PARTS);
    assertEquals(1, second.code());
    assertTrue(second.output().contains("running already in " + root), second.output());
    assertTrue(second.output().contains("./patina down --data"), second.output());
  }

  @Test
  void aBusyPortIsNamedAndNothingIsStarted() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ended up = line("up", "--port", String.valueOf(busy.getLocalPort()));
      assertEquals(1, up.code());
      assertTrue(up.output().contains("Port " + busy.getLocalPort()), up.output());
      assertTrue(up.output().contains("--port "), up.output());
      assertFalse(Files.exists(data.run("database.pid")));
    }
  }

  @Test
  void killedPartsComeBackWithTheirData() throws Exception {
    assertEquals(0, line("up", "--detach", PARTS).code());
    for (String part : List.of("broker", "database")) {
      ProcessRecord before = ProcessRecord.read(data.run(part + ".pid")).orElseThrow();
      before.signal("KILL");
      assertNotEquals(before.pid(), awaitReady(part, before.pid()));
    }
    try (Connection connection = connect()) {
      assertTrue(connection.isValid(10));
    }
    assertTopics();
    String log = Files.readString(data.logs().resolve("supervisor.log"));
    assertTrue(log.contains("The broker ended with 137"), log);
    assertTrue(log.contains("The database ended with 137"), log);
  }

  @Test
  void whatAKilledSupervisorLeavesIsFoundByStatusAndStoppedByDown() throws Exception {
    assertEquals(0, line("up", "--detach", PARTS).code());
    ProcessRecord supervisor = ProcessRecord.read(data.run("supervisor.pid")).orElseThrow();
    ProcessRecord broker = ProcessRecord.read(data.run("broker.pid")).orElseThrow();
    supervisor.signal("KILL");
    assertTrue(supervisor.awaitEnd(Duration.ofSeconds(30)));
    Ended status = line("status", "--format", "json");
    assertEquals(3, status.code());
    assertTrue(status.output().contains("\"unsupervised\""), status.output());
    assertEquals(0, line("down").code());
    assertFalse(broker.isAlive());
  }

  @Test
  void secretsAreReadableByTheirOwnerOnly() throws Exception {
    assertEquals(0, line("up", "--detach", PARTS).code());
    Path secret = data.data("postgres").resolve("patina.password");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("data"))));
  }

  private long awaitReady(String part, long otherThan) throws IOException {
    while (true) {
      var state =
          LineState.read(data.run("state.json")).orElseThrow().parts().stream()
              .filter(each -> each.name().equals(part))
              .findFirst()
              .orElseThrow();
      if (state.step() == LineState.Step.READY && state.pid() != otherThan) {
        return state.pid();
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private Connection connect() throws IOException, InterruptedException, SQLException {
    Database database = Database.prepare(data.data("postgres"), ports().database());
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }

  private Ports ports() throws IOException {
    // From the file alone: choose() would replace ports that are in use, as these are.
    var lines = new Properties();
    try (var reader = Files.newBufferedReader(data.run("ports"))) {
      lines.load(reader);
    }
    return new Ports(
        0,
        Integer.parseInt(lines.getProperty("broker")),
        0,
        Integer.parseInt(lines.getProperty("database")),
        0);
  }

  private static String show(Statement statement, String setting) throws SQLException {
    try (ResultSet rows = statement.executeQuery("show " + setting)) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  private Map<String, Object> client() throws IOException {
    return Map.of("bootstrap.servers", "127.0.0.1:" + ports().broker());
  }

  private void produce(byte[] value) throws Exception {
    try (var producer =
        new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.REPORTS, 0, null, value)).get();
    }
  }

  private long records() throws Exception {
    TopicPartition partition = new TopicPartition(Topics.REPORTS, 0);
    try (Admin admin = Admin.create(client())) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }

  private void assertTopics() throws Exception {
    try (Admin admin = Admin.create(client())) {
      Set<String> names = new TreeSet<>(admin.listTopics().names().get());
      assertEquals(
          Set.of(
              Topics.REPORTS,
              Topics.BASELINES,
              Topics.DRIFT_EVENTS,
              Topics.DECISIONS,
              Topics.DEAD_LETTERS),
          names);
      var reports = new ConfigResource(ConfigResource.Type.TOPIC, Topics.REPORTS);
      var baselines = new ConfigResource(ConfigResource.Type.TOPIC, Topics.BASELINES);
      Map<ConfigResource, Config> configs =
          admin.describeConfigs(List.of(reports, baselines)).all().get();
      assertEquals("uncompressed", setting(configs, reports, "compression.type"));
      assertEquals("LogAppendTime", setting(configs, reports, "message.timestamp.type"));
      assertEquals("compact", setting(configs, baselines, "cleanup.policy"));
    }
  }

  private static String setting(
      Map<ConfigResource, Config> configs, ConfigResource topic, String name) {
    return requireNonNull(configs.get(topic)).get(name).value();
  }

  private Ended line(String command, String... options) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of("-XX:+UseSerialGC", "-Xmx64m", "-Dpatina.home=" + parent));
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), Line.class.getName()));
    all.add(command);
    all.addAll(List.of("--data", root.toString()));
    all.addAll(List.of(options));
    Path output = Files.createTempFile(parent, "output", ".txt");
    Process process =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    return new Ended(process.waitFor(), Files.readString(output));
  }
}
