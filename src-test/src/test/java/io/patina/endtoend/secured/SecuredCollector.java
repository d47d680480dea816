package io.patina.endtoend.secured;

import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.TestLine;
import io.patina.stack.line.ProcessRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The collector as a process of its own on a small root, with Kafka settings that a test gives. */
final class SecuredCollector implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path log;
  private final Path root;
  private final Path state;
  private final Process process;
  private int written;

  SecuredCollector(Path directory, Map<String, String> kafka)
      throws IOException, InterruptedException {
    root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("etc"));
    state = directory.resolve("state");
    log = directory.resolve("collector.log");
    Path scope = directory.resolve("scope.yaml");
    Files.writeString(
        scope,
        """
        name: small
        facets: [file]
        include: ["/etc/**"]
        attributes:
          - glob: "/**"
            names: [type, size, sha256]
        """);
    StringBuilder settings =
        new StringBuilder(
            """
            root=%s
            scope=%s
            state.dir=%s
            metrics.port=0
            heartbeat.interval=1s
            start.spread=0s
            """
                .formatted(root, scope, state));
    kafka.forEach((k, v) -> settings.append("kafka." + k + "=" + v + "\n"));
    Path configuration = directory.resolve("collector.properties");
    Files.writeString(configuration, settings);
    Path module = TestLine.checkout().resolve("host-collector").resolve("target");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                module.resolve("classes") + ":" + module.resolve("lib") + "/*",
                "io.patina.collector.commands.Patina",
                "collect",
                "--config",
                configuration.toString())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(log.toFile())
            .start();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** The id of the installation: the key of its records. */
  byte[] installation() {
    return Await.value(
        "the collector has an identity\n",
        LIMIT,
        () -> {
          Path id = state.resolve("installation");
          return Files.exists(id)
              ? Optional.of(java.util.HexFormat.of().parseHex(Files.readString(id).strip()))
              : Optional.empty();
        });
  }

  /** Makes a change that is a delta of its own. */
  void change() throws IOException {
    Files.write(root.resolve("etc/changed-" + ++written), List.of("x"), StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    try {
      Optional<ProcessRecord> record = ProcessRecord.of(process.pid());
      if (record.isPresent()) {
        record.get().signal("TERM");
        if (!record.get().awaitEnd(Duration.ofSeconds(20))) {
          process.destroyForcibly();
        }
      }
      int unused = process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
