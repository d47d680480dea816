package io.patina.collector.settings;

import io.patina.collector.watching.WatchMode;
import io.patina.collector.writers.Processes;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration that was read and checked. The components are those of {@link Setting}.
 *
 * @param kafka everything given as {@code kafka.NAME}, by NAME
 * @param labels likewise {@code label.NAME}
 */
public record CollectorSettings(
    Map<String, String> kafka,
    Path stateDirectory,
    Path root,
    Optional<Path> scope,
    int metricsPort,
    Duration heartbeat,
    Duration rescan,
    Duration poll,
    Duration rehash,
    Duration snapshot,
    Duration coalesce,
    WatchMode watch,
    Processes.Detail who,
    int scanThreads,
    long scanMaxRate,
    int cpuBudget,
    long spoolMaxBytes,
    Duration spoolMaxAge,
    Duration startSpread,
    Optional<Path> enrolmentToken,
    Map<String, String> labels,
    Optional<AsShipped> asShipped,
    Optional<Embedded> embedded) {

  /**
   * That this host publishes its own as-shipped baseline.
   *
   * @param key file of the signing key
   * @param store directory of manifests by digest
   */
  public record AsShipped(Path key, Path store) {}

  /**
   * That the image's own baseline is what snapshots refer to.
   *
   * @param path where it is below the root
   * @param trust directory of trust roots
   * @param engine who is asked whether it holds the manifest
   * @param tokenFile the bearer token for that
   */
  public record Embedded(Path path, Path trust, Optional<URI> engine, Optional<Path> tokenFile) {}

  /** A snapshot of a large host is some ten megabytes, and has to fit. */
  private static final long LEAST_SPOOL = 32L << 20;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Bytes per second; below it a large disk is not read in a day. */
  private static final long LEAST_RATE = 1L << 20;

  public CollectorSettings {
    kafka = Map.copyOf(kafka);
    labels = Map.copyOf(labels);
  }

  /**
   * Reads a properties file.
   *
   * @throws InvalidSettingsException with every mistake in it
   */
  public static CollectorSettings read(Path file) throws IOException, InvalidSettingsException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> written = new TreeMap<>();
    properties.stringPropertyNames().forEach(k -> written.put(k, properties.getProperty(k)));
    return of(written);
  }

  /** The same from keys and values. */
  public static CollectorSettings of(Map<String, String> written) throws InvalidSettingsException {
    return of(written, System.getenv());
  }

  static CollectorSettings of(Map<String, String> written, Map<String, String> environment)
      throws InvalidSettingsException {
    SettingReader in = new SettingReader(written);
    String servers = in.text(Setting.KAFKA_BOOTSTRAP_SERVERS);
    Optional<Path> key = in.path(Setting.AS_SHIPPED_KEY);
    Optional<Path> store = in.path(Setting.AS_SHIPPED_STORE);
    if (key.isPresent() != store.isPresent()) {
      in.mistake(
          Setting.AS_SHIPPED_KEY.key()
              + " and "
              + Setting.AS_SHIPPED_STORE.key()
              + " belong together; give both or none");
    }
    Map<String, String> kafka = new TreeMap<>(in.family(Setting.KAFKA_OTHER));
    kafka.put("bootstrap.servers", servers);
    CollectorSettings settings =
        new CollectorSettings(
            kafka,
            in.path(Setting.STATE_DIR).orElse(Path.of("/")),
            in.path(Setting.ROOT).orElse(Path.of("/")),
            in.path(Setting.SCOPE),
            in.number(Setting.METRICS_PORT, 0, 65_535),
            in.duration(Setting.HEARTBEAT_INTERVAL, Duration.ofSeconds(1)),
            in.duration(Setting.RESCAN_INTERVAL, Duration.ofSeconds(5)),
            in.duration(Setting.POLL_INTERVAL, Duration.ofSeconds(1)),
            in.duration(Setting.REHASH_INTERVAL, Duration.ofMinutes(1)),
            in.duration(Setting.SNAPSHOT_INTERVAL, Duration.ofMinutes(1)),
            in.duration(Setting.COALESCE, Duration.ofMillis(10)),
            in.choice(Setting.WATCH, WatchMode.class),
            in.choice(Setting.WHO, Processes.Detail.class),
            in.threads(Setting.SCAN_THREADS),
            in.bytes(Setting.SCAN_MAX_RATE, LEAST_RATE),
            in.number(Setting.CPU_BUDGET, 1, 100),
            in.bytes(Setting.SPOOL_MAX_BYTES, LEAST_SPOOL),
            in.duration(Setting.SPOOL_MAX_AGE, Duration.ofSeconds(1)),
            in.duration(Setting.START_SPREAD, Duration.ZERO),
            in.path(Setting.ENROLMENT_TOKEN_FILE),
            in.withEnvironment(in.family(Setting.LABEL), Setting.LABEL, environment),
            key.flatMap(k -> store.map(s -> new AsShipped(k, s))),
            embedded(in));
    if (!in.mistakes().isEmpty()) {
      throw new InvalidSettingsException(in.mistakes());
    }
    return settings;
  }

  private static Optional<Embedded> embedded(SettingReader in) {
    Optional<Path> trust = in.path(Setting.EMBEDDED_TRUST);
    Optional<Path> path = in.path(Setting.EMBEDDED_PATH);
    Optional<Path> token = in.path(Setting.ENGINE_TOKEN_FILE);
    Optional<URI> engine = engine(in, token.isPresent());
    return trust.flatMap(t -> path.map(p -> new Embedded(p, t, engine, token)));
  }

  private static Optional<URI> engine(SettingReader in, boolean withToken) {
    String text = in.text(Setting.ENGINE_URL);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text);
      boolean tls = "https".equals(uri.getScheme());
      if (uri.getHost() == null || !(tls || "http".equals(uri.getScheme()))) {
        throw new URISyntaxException(text, "no address");
      }
      if (withToken && !tls && !LOOPBACK.contains(uri.getHost())) {
        in.mistake(Setting.ENGINE_URL.key() + ": the token would go in the clear; write https://");
      }
      return Optional.of(uri);
    } catch (URISyntaxException e) {
      in.mistake(Setting.ENGINE_URL.key() + " is an address such as https://patina.example.org");
      return Optional.empty();
    }
  }
}
