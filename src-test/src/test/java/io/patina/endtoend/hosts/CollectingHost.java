package io.patina.endtoend.hosts;

import io.patina.endtoend.line.TestLine;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.stack.line.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Debian host on which the real collector runs, reporting to the broker of a line. Collector and
 * JDK are this machine's, shown read-only below {@code /run}, where nothing is observed.
 */
public final class CollectingHost implements AutoCloseable {

  private static final Path JDK = Path.of("/run/patina-test/jdk");
  private static final Path CLASSES = Path.of("/run/patina-test/classes");
  private static final Path LIBRARIES = Path.of("/run/patina-test/lib");
  private static final Path STORE = Path.of("/run/patina-test/store");
  private static final Path TESTS = Path.of("/run/patina-test/tests");
  private static final String STATE = "/var/lib/patina";

  private final TestLine line;
  private final DebianHost host;
  private @Nullable Process collector;

  public CollectingHost(TestLine line) throws IOException, InterruptedException {
    this.line = line;
    Path module = TestLine.checkout().resolve("host-collector").resolve("target");
    this.host =
        new DebianHost(
            Path.of("target", "hosts"),
            Map.of(
                JDK,
                Path.of(System.getProperty("java.home")),
                CLASSES,
                module.resolve("classes"),
                LIBRARIES,
                module.resolve("lib"),
                TESTS,
                Path.of("target", "test-classes").toAbsolutePath()),
            Map.of(STORE, line.data().store()));
    try {
      String unused = host.run("mkdir", "-p", STATE + "/tmp");
      Doorway unusedDoorway = host.doorway(line.ports().broker());
    } catch (IOException | InterruptedException e) {
      host.close();
      throw e;
    }
  }

  public DebianHost host() {
    return host;
  }

  /** What the host is now, as the one-shot capture sees it. */
  public Manifest capture() throws IOException, InterruptedException, MalformedManifestException {
    String file = STATE + "/captured";
    List<String> command = java();
    command.addAll(List.of("capture", "--output", file));
    String unused = host.run(command.toArray(String[]::new));
    return ManifestFile.read(host.root().resolve(file.substring(1)));
  }

  /**
   * Starts the collector.
   *
   * @param asShipped whether it publishes the as-shipped baseline of this host
   */
  public void collect(boolean asShipped) throws IOException {
    // What no file tells of is read on this schedule; a test need not wait for minutes.
    collect(asShipped, Map.of("rescan.interval", "15s"));
  }

  /** The same with settings as in its configuration file. */
  public void collect(boolean asShipped, Map<String, String> more) throws IOException {
    StringBuilder settings =
        new StringBuilder(
            "kafka.bootstrap.servers=%s\nstate.dir=%s/state\nmetrics.port=0\nheartbeat.interval=2s\n"
                .formatted(line.parts().bootstrapServers(), STATE));
    more.forEach((k, v) -> settings.append(k).append('=').append(v).append('\n'));
    if (asShipped) {
      Files.copy(
          line.data().data("keys").resolve("as-shipped.pem"), inside(STATE + "/as-shipped.pem"));
      settings.append("baseline.as-shipped.key=").append(STATE).append("/as-shipped.pem\n");
      settings.append("baseline.as-shipped.store=").append(STORE).append('\n');
    }
    Files.writeString(inside(STATE + "/collector.properties"), settings);
    start();
  }

  /** Starts the collector again, as it was configured. */
  public void start() throws IOException {
    List<String> command = java();
    command.addAll(List.of("collect", "--config", STATE + "/collector.properties"));
    collector =
        new ProcessBuilder(host.inside(command))
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    line.data().logs().resolve("collector-" + host.name() + ".log").toFile()))
            .start();
  }

  /** kill -9 of the collector, and waits until it is gone. */
  public void kill() throws InterruptedException {
    Process running = java.util.Objects.requireNonNull(collector, "not collecting");
    for (ProcessHandle each : running.descendants().toList()) {
      boolean unused = each.destroyForcibly();
    }
    int unused = running.waitFor();
  }

  /** The command that runs a program of these tests inside the host. */
  public List<String> program(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                JDK.resolve("bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx48m",
                "-cp",
                TESTS.toString(),
                main.getName()));
    command.addAll(List.of(arguments));
    return host.inside(command);
  }

  /** A path of the host as it is reached from outside. */
  public Path inside(String path) {
    return host.root().resolve(path.substring(1));
  }

  private static List<String> java() {
    return new ArrayList<>(
        List.of(
            JDK.resolve("bin/java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djna.tmpdir=" + STATE + "/tmp",
            "-Dorg.sqlite.tmpdir=" + STATE + "/tmp",
            "-Djava.io.tmpdir=" + STATE + "/tmp",
            "-cp",
            CLASSES + ":" + LIBRARIES + "/*",
            "io.patina.collector.commands.Patina"));
  }

  @Override
  public void close() throws IOException {
    if (collector != null) {
      // nsenter waits for the collector in the host's own process namespace.
      for (ProcessHandle each : collector.descendants().toList()) {
        Optional<ProcessRecord> record = ProcessRecord.of(each.pid());
        if (record.isPresent()) {
          each.destroy();
        }
      }
    }
    host.close();
  }
}
