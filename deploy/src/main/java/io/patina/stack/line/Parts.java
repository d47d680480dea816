package io.patina.stack.line;

import io.patina.stack.broker.BrokerMain;
import io.patina.stack.database.Database;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What the line consists of, in the order of start: database, broker, engine, collector.
 *
 * <p>This is the whole contract between the local stack and the processes it runs: every option,
 * environment variable and property that they are given is set here. Heaps are small on purpose:
 * the line is meant to stay up on a laptop.
 */
public final class Parts {
  private final DataDirectory data;
  private final Ports ports;
  private final Path checkout;
  private final Path java;

  /**
   * Names the parts of one line; starts nothing.
   *
   * @param checkout the directory of the launcher, where the modules have been built
   */
  public Parts(DataDirectory data, Ports ports, Path checkout) {
    this.data = data;
    this.ports = ports;
    this.checkout = checkout;
    this.java = Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Every part, in order of start. */
  public List<Part> all() {
    return List.of(database(), broker(), engine(), collector());
  }

  /** What a Kafka client connects to. */
  public String bootstrapServers() {
    return "127.0.0.1:" + ports.broker();
  }

  /** Address of the engine's page and API, with a slash at the end. */
  public URI page() {
    return URI.create("http://127.0.0.1:" + ports.page() + "/");
  }

  /** PostgreSQL; on SIGINT it disconnects its clients and ends. */
  public Part database() {
    return new Part(
        "database",
        () -> {
          Database database = Database.prepare(data.data("postgres"), ports.database());
          return new Part.Launch(database.command(), Map.of(), database::waitingFor);
        },
        "INT",
        Duration.ofMinutes(2),
        Duration.ofSeconds(30));
  }

  /** Kafka. */
  public Part broker() {
    return new Part(
        "broker",
        () -> {
          Path ready = data.run("broker.ready");
          Files.deleteIfExists(ready);
          List<String> command = jvm("-Xms48m", "-Xmx192m", "-Xss512k");
          command.addAll(
              List.of(
                  "-cp",
                  System.getProperty("java.class.path"),
                  BrokerMain.class.getName(),
                  data.data("kafka").toString(),
                  String.valueOf(ports.broker()),
                  String.valueOf(ports.controller()),
                  ready.toString()));
          return new Part.Launch(
              command,
              Map.of(),
              () -> Files.exists(ready) ? Optional.empty() : Optional.of("answer and topics"));
        },
        "TERM",
        Duration.ofMinutes(1),
        Duration.ofSeconds(30));
  }

  /** The engine: pages, API, health and metrics on the page's port. */
  public Part engine() {
    return new Part(
        "engine",
        () -> {
          Path jar = built("drift-engine/target/quarkus-app/quarkus-run.jar");
          Path token = data.run("token");
          Keys.token(token);
          Keys.signing(signingKey(), trustRoots().resolve("as-shipped.pem"));
          Database database = Database.prepare(data.data("postgres"), ports.database());
          // A large fleet needs more than a laptop's line: PATINA_ENGINE_HEAP=1g.
          String heap = System.getenv().getOrDefault("PATINA_ENGINE_HEAP", "256m");
          List<String> command = jvm("-Xms32m", "-Xmx" + heap, "-Xss512k");
          command.addAll(
              List.of(
                  "-Dquarkus.http.host=127.0.0.1",
                  "-Dquarkus.http.port=" + ports.page(),
                  "-jar",
                  jar.toString()));
          return new Part.Launch(
              command,
              Map.of(
                  "KAFKA_BOOTSTRAP_SERVERS", bootstrapServers(),
                  "QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl(),
                  "QUARKUS_DATASOURCE_USERNAME", database.user(),
                  "QUARKUS_DATASOURCE_PASSWORD", database.password(),
                  "PATINA_STORE_DIR", data.store().toString(),
                  "PATINA_TRUST_ROOTS", trustRoots().toString(),
                  // The only trusted key is this line's own: its baselines need no second person.
                  "PATINA_CATALOGUE_APPROVE_SIGNED", "true",
                  // Whoever can write to this broker is on this machine: nobody needs a token.
                  "PATINA_ENROLMENT_FIRST_USE", "approve",
                  "PATINA_ACCESS_TOKEN_FILE", token.toString()),
              new HttpProbe(page().resolve("q/health/ready")));
        },
        "TERM",
        Duration.ofMinutes(2),
        Duration.ofSeconds(30));
  }

  /** The collector on this host. */
  public Part collector() {
    return new Part(
        "collector",
        () -> {
          Keys.signing(signingKey(), trustRoots().resolve("as-shipped.pem"));
          Path configuration = data.run("collector.properties");
          writeCollectorConfiguration(configuration);
          return new Part.Launch(
              collectorCommand(configuration),
              Map.of(),
              new HttpProbe(URI.create("http://127.0.0.1:" + ports.collector() + "/metrics")));
        },
        "TERM",
        Duration.ofMinutes(5),
        Duration.ofSeconds(30));
  }

  /** The command that runs the collector with a configuration. */
  public List<String> collectorCommand(Path configuration) throws IOException {
    Path classes = built("host-collector/target/classes");
    Path libraries = built("host-collector/target/lib");
    List<String> command =
        jvm(
            "-Xms16m",
            "-Xmx192m",
            // A first scan and a baseline take three times what is kept: give it back.
            "-Xmn12m",
            "-XX:MinHeapFreeRatio=5",
            "-XX:MaxHeapFreeRatio=15",
            "-Xss512k");
    command.addAll(
        List.of(
            "-Djna.tmpdir=" + data.run("tmp"),
            "-Dorg.sqlite.tmpdir=" + data.run("tmp"),
            "-cp",
            classes + ":" + libraries + "/*",
            "io.patina.collector.commands.Patina",
            "collect",
            "--config",
            configuration.toString()));
    return command;
  }

  private void writeCollectorConfiguration(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("kafka.bootstrap.servers", bootstrapServers());
    properties.setProperty("state.dir", data.data("collector").toString());
    properties.setProperty("root", "/");
    properties.setProperty("metrics.port", String.valueOf(ports.collector()));
    properties.setProperty("start.spread", "0s");
    properties.setProperty("baseline.as-shipped.key", signingKey().toString());
    properties.setProperty("baseline.as-shipped.store", data.store().toString());
    Files.createDirectories(data.data("collector"));
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "Written by patina up before every start of the collector.");
    }
  }

  private Path signingKey() {
    return data.data("keys").resolve("as-shipped.pem");
  }

  private Path trustRoots() {
    return data.data("trust");
  }

  private Path built(String path) throws IOException {
    Path file = checkout.resolve(path);
    if (!Files.exists(file)) {
      throw new IOException(file + " is missing: build it with mvn package, or use ./patina up");
    }
    return file;
  }

  /** Options that every JVM of the line shares, then its own. */
  private List<String> jvm(String... own) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=64m",
            // The supervisor starts it again; half a process would only look alive.
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            // Nothing outside the line's own directory, not even after a crash.
            "-XX:-UsePerfData",
            "-XX:ErrorFile=" + data.logs().resolve("hs_err_%p.log"),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.io.tmpdir=" + data.run("tmp")));
    command.addAll(List.of(own));
    return command;
  }
}
