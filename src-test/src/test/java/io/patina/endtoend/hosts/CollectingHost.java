package io.patina.endtoend.hosts;

import io.patina.endtoend.line.TestLine;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
  public static final String SERVICE = "patina-collector.service";

  /** Where systemd makes the service's state directory. */
  public static final String SERVICE_STATE = "/var/lib/patina-collector";

  private static final Duration COLLECTOR_ENDS = Duration.ofSeconds(20);

  private final TestLine line;
  private final DebianHost host;
  private @Nullable Process collector;

  public CollectingHost(TestLine line) throws IOException, InterruptedException {
    this(line, false);
  }

  /**
   * The same.
   *
   * @param tools whether Ansible, a container runtime and an editor are installed on it
   */
  public CollectingHost(TestLine line, boolean tools) throws IOException, InterruptedException {
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
            Map.of(STORE, line.data().store()),
            tools);
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
    collect(asShipped, Map.of());
  }

  /** The same with settings as in its configuration file. */
  public void collect(boolean asShipped, Map<String, String> more) throws IOException {
    StringBuilder settings = new StringBuilder(settings(STATE + "/state", asShipped));
    more.forEach((k, v) -> settings.append(k).append('=').append(v).append('\n'));
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
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
            .start();
  }

  private Path logFile() throws IOException {
    return line.data().logs().resolve("collector-" + host.name() + ".log");
  }

  /** What the collector has logged. */
  public String log() throws IOException {
    return Files.readString(logFile());
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

  private String settings(String stateDirectory, boolean asShipped) throws IOException {
    StringBuilder settings =
        new StringBuilder(
            "kafka.bootstrap.servers=%s\nstate.dir=%s\nmetrics.port=0\nheartbeat.interval=2s\n"
                .formatted(line.parts().bootstrapServers(), stateDirectory));
    // What no file tells of is read on this schedule; a test need not wait for minutes.
    settings.append("rescan.interval=15s\nstart.spread=0s\n");
    if (asShipped) {
      Files.copy(
          line.data().data("keys").resolve("as-shipped.pem"),
          inside(STATE + "/as-shipped.pem"),
          StandardCopyOption.REPLACE_EXISTING);
      settings.append("baseline.as-shipped.key=").append(STATE).append("/as-shipped.pem\n");
      settings.append("baseline.as-shipped.store=").append(STORE).append('\n');
    }
    return settings.toString();
  }

  /**
   * Installs the unit as the project ships it, with the collector where the unit expects it, and
   * starts it by systemd.
   *
   * @param more further settings, as lines of the configuration
   * @param dropIn what an administrator would put beside the unit; may be empty
   */
  public void serve(boolean asShipped, String more, String dropIn)
      throws IOException, InterruptedException {
    configure(asShipped, more);
    List<String> java = java();
    java.removeIf(argument -> argument.contains("tmpdir"));
    java.add(1, "-Djna.tmpdir=" + SERVICE_STATE);
    java.add(1, "-Dorg.sqlite.tmpdir=" + SERVICE_STATE);
    String launcher = "#!/bin/sh\nexec " + String.join(" ", java) + " \"$@\"\n";
    put("/usr/lib/patina-collector/bin/patina", launcher);
    String unused = host.run("chmod", "755", "/usr/lib/patina-collector/bin/patina");
    put(
        "/etc/systemd/system/" + SERVICE,
        Files.readString(TestLine.checkout().resolve("deploy/systemd").resolve(SERVICE)));
    if (!dropIn.isEmpty()) {
      put("/etc/systemd/system/" + SERVICE + ".d/test.conf", dropIn);
    }
    String unused2 = host.run("systemctl", "daemon-reload");
    String unused3 = host.run("systemctl", "start", SERVICE);
  }

  /** Writes the service's configuration anew. */
  public void configure(boolean asShipped, String more) throws IOException, InterruptedException {
    put("/etc/patina/collector.properties", settings(SERVICE_STATE, asShipped) + more);
  }

  /** A property of the service as systemd knows it. */
  public String service(String property) throws IOException, InterruptedException {
    return host.run("systemctl", "show", "--value", "-p", property, SERVICE).strip();
  }

  /** What the service has logged. */
  public String serviceLog() throws IOException, InterruptedException {
    return host.run("journalctl", "--no-pager", "-o", "cat", "-u", SERVICE);
  }

  /** Writes a file from within, with the directories above it. */
  public void put(String path, String content) throws IOException, InterruptedException {
    Path fresh = inside(STATE + "/put");
    Files.writeString(fresh, content);
    String unused =
        host.run(
            "sh",
            "-c",
            "mkdir -p \"$(dirname \"$1\")\" && cat \"$2\" > \"$1\"",
            "sh",
            path,
            STATE + "/put");
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
      end(collector);
    }
    host.close();
  }

  /**
   * Ends the collector before its host: systemd stops all processes for a moment when it shuts
   * down, nsenter stops itself with its child, and would never reap it. Such a host is not gone
   * until somebody kills nsenter.
   */
  private static void end(Process nsenter) {
    for (ProcessHandle each : nsenter.descendants().toList()) {
      boolean unused = each.destroy();
    }
    try {
      boolean unused = nsenter.waitFor(COLLECTOR_ENDS.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Process unused = nsenter.destroyForcibly();
  }
}
