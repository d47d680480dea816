package io.patina.collector.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CollectorSettingsTest {
  private static final Map<String, String> LEAST =
      Map.of("kafka.bootstrap.servers", "broker:9092", "state.dir", "/var/lib/patina");

  @Test
  void whatIsNotGivenHasItsDefault() throws InvalidSettingsException {
    CollectorSettings settings = CollectorSettings.of(LEAST);
    assertEquals(Path.of("/"), settings.root());
    assertEquals(Duration.ofSeconds(60), settings.heartbeat());
    assertEquals(Duration.ofHours(24), settings.rehash());
    assertEquals(256L << 20, settings.spoolMaxBytes());
    assertEquals(9464, settings.metricsPort());
    assertEquals(Optional.empty(), settings.asShipped());
    assertEquals(Map.of("bootstrap.servers", "broker:9092"), settings.kafka());
  }

  @Test
  void familiesArePassedThrough() throws InvalidSettingsException {
    CollectorSettings settings =
        CollectorSettings.of(
            with(Map.of("kafka.security.protocol", "SSL", "label.rack", "b12", "coalesce", "1s")));
    assertEquals("SSL", settings.kafka().get("security.protocol"));
    assertEquals(Map.of("rack", "b12"), settings.labels());
    assertEquals(Duration.ofSeconds(1), settings.coalesce());
  }

  @Test
  void aLabelTakesItsValueFromTheEnvironment() throws InvalidSettingsException {
    Map<String, String> written =
        with(Map.of("label.node", "${NODE_NAME}", "label.place", "rack ${RACK}/${NODE_NAME}"));
    CollectorSettings settings =
        CollectorSettings.of(written, Map.of("NODE_NAME", "worker-7", "RACK", "b$12"));
    assertEquals(Map.of("node", "worker-7", "place", "rack b$12/worker-7"), settings.labels());
  }

  @Test
  void anEnvironmentVariableThatIsNotSetIsAMistakeThatNamesItAndTheLabel() {
    InvalidSettingsException failure =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                CollectorSettings.of(
                    with(Map.of("label.node", "${NODE_NAME}", "label.odd", "${not a name}")),
                    Map.of()));
    assertEquals(
        List.of(
            "label.node names the environment variable NODE_NAME, which is not set; set it, or"
                + " remove the label",
            "label.odd cannot be \"${not a name}\"; write an environment variable as ${NAME}"),
        failure.mistakes());
  }

  @Test
  void aMistypedKeyIsToldWhichOneWasMeant() {
    assertEquals(Optional.of("heartbeat.interval"), Nearest.to("heartbeat.intervall"));
    assertEquals(Optional.of("spool.max-bytes"), Nearest.to("spool.maxbytes"));
    assertEquals(Optional.of("state.dir"), Nearest.to("statedir"));
    assertEquals(Optional.empty(), Nearest.to("something.else.entirely"));
  }

  @Test
  void everyMistakeIsNamedAndSaysWhatToWrite() {
    InvalidSettingsException failure =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                CollectorSettings.of(
                    Map.of(
                        "state.dir", "relative/path",
                        "heartbeat.interval", "often",
                        "metrics.port", "70000",
                        "spool.max-bytes", "1KiB",
                        "baseline.as-shipped.key", "/key",
                        "heartbeat.intervall", "60s")));
    String all = String.join("\n", failure.mistakes());
    assertEquals(7, failure.mistakes().size(), all);
    for (String part :
        new String[] {
          "heartbeat.intervall is not a setting; did you mean heartbeat.interval?",
          "kafka.bootstrap.servers is missing",
          "state.dir cannot be \"relative/path\"; write absolute path",
          "heartbeat.interval cannot be \"often\"; write number and ms, s, m or h",
          "metrics.port cannot be \"70000\"",
          "spool.max-bytes cannot be below",
          "belong together"
        }) {
      assertTrue(all.contains(part), part + " in " + all);
    }
  }

  @Test
  void thePageInDocsIsTheOneMadeFromTheSettings() throws Exception {
    assertEquals(Files.readString(Path.of("../docs/collector-config.md")), Setting.page());
  }

  private static Map<String, String> with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(LEAST);
    all.putAll(more);
    return all;
  }
}
