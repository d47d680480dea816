package io.patina.stack.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka node, broker and controller, on loopback.
 *
 * <p>Not thread-safe. The ports may differ from one start to the next: the quorum is static and has
 * one voter, so nothing on disk remembers them.
 */
public final class Broker implements AutoCloseable {
  private static final int NODE = 1;
  private static final String BROKER = "BROKER";
  private static final String CONTROLLER = "CONTROLLER";

  private final KafkaRaftServer server;

  private Broker(KafkaRaftServer server) {
    this.server = server;
  }

  /**
   * Formats the directory if it is new, and starts the node; returns when it accepts requests.
   *
   * @param directory where the logs live; created if missing
   * @param port port for clients on 127.0.0.1
   * @param controllerPort port of the controller on 127.0.0.1
   * @throws IOException if the directory cannot be read or written
   */
  public static Broker start(Path directory, int port, int controllerPort) throws IOException {
    Files.createDirectories(directory);
    format(directory);
    KafkaConfig config = KafkaConfig.fromProps(properties(directory, port, controllerPort));
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    server.startup();
    return new Broker(server);
  }

  /** Blocks until the node has been shut down. */
  public void awaitShutdown() {
    server.awaitShutdown();
  }

  @Override
  public void close() {
    server.shutdown();
  }

  private static void format(Path directory) throws IOException {
    String known = clusterId(directory);
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(NODE)
            .setClusterId(known == null ? Uuid.randomUuid().toString() : known)
            .addDirectory(directory.toString())
            .setMetadataLogDirectory(directory.toString())
            .setControllerListenerName(CONTROLLER)
            .setIgnoreFormatted(true)
            .setReleaseVersion(MetadataVersion.latestProduction())
            .setHasDynamicQuorum(false);
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot format " + directory, e);
    }
  }

  private static @Nullable String clusterId(Path directory) throws IOException {
    Path meta = directory.resolve("meta.properties");
    if (!Files.exists(meta)) {
      return null;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(meta, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return properties.getProperty("cluster.id");
  }

  private static Properties properties(Path directory, int port, int controllerPort) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", String.valueOf(NODE));
    p.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
    p.put("controller.listener.names", CONTROLLER);
    p.put("inter.broker.listener.name", BROKER);
    p.put(
        "listeners",
        BROKER + "://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
    p.put("advertised.listeners", BROKER + "://127.0.0.1:" + port);
    p.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("log.dirs", directory.toString());
    p.put("auto.create.topics.enable", "false");

    // One node: internal topics have one replica and one partition.
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("transaction.state.log.num.partitions", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");
    p.put("group.initial.rebalance.delay.ms", "0");

    // One machine: indexes are preallocated, 10 MB each by default, and a report stream is small.
    p.put("log.index.size.max.bytes", String.valueOf(256 << 10));
    p.put("log.segment.bytes", String.valueOf(64 << 20));
    p.put("metadata.log.segment.bytes", String.valueOf(16 << 20));
    p.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "2");
    p.put("background.threads", "2");
    return p;
  }
}
