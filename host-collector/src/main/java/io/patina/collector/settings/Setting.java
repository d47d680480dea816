package io.patina.collector.settings;

import java.util.Arrays;
import java.util.Optional;

/** A key of the collector's configuration. */
public enum Setting {
  KAFKA_BOOTSTRAP_SERVERS(
      "kafka.bootstrap.servers",
      Form.TEXT,
      null,
      "Brokers to begin with, host:port, separated by commas."),
  KAFKA_OTHER(
      "kafka.*",
      Form.TEXT,
      "",
      "Any other setting of Kafka's producer, such as kafka.security.protocol,"
          + " kafka.ssl.truststore.location or kafka.sasl.jaas.config. A value may take a part from"
          + " elsewhere: ${file:/path:key} from a properties file, ${directory:/path:name} the content"
          + " of a file, ${env:NAME}. When a file that is named has other content, the collector"
          + " connects anew with it, without a restart. What order and durability need (acks,"
          + " idempotence, one request in flight) cannot be changed."),
  STATE_DIR(
      "state.dir",
      Form.PATH,
      null,
      "The one directory the collector writes to: identity, key, spool. Created if missing."),
  ROOT("root", Form.PATH, "/", "Root of the observed system."),
  SCOPE("scope", Form.PATH, "", "Scope file (YAML); empty for the scope that is built in."),
  METRICS_PORT(
      "metrics.port", Form.PORT, "9464", "Port of /metrics on loopback; 0 for any free one."),
  HEARTBEAT_INTERVAL(
      "heartbeat.interval",
      Form.DURATION,
      "60s",
      "Between two heartbeats; the engine judges silence by it."),
  RESCAN_INTERVAL(
      "rescan.interval",
      Form.DURATION,
      "10m",
      "Between two scans that read what looks changed, while every directory is watched."),
  POLL_INTERVAL(
      "poll.interval",
      Form.DURATION,
      "30s",
      "The same while not every directory can be watched (watch limit, no inotify)."),
  REHASH_INTERVAL(
      "rehash.interval", Form.DURATION, "24h", "Between two scans that read every byte."),
  SNAPSHOT_INTERVAL(
      "snapshot.interval",
      Form.DURATION,
      "24h",
      "Between two self-contained snapshots; retention of the reports topic must be at least three"
          + " times this."),
  COALESCE(
      "coalesce",
      Form.DURATION,
      "200ms",
      "How long the first notice of a change waits for others, to share a delta."),
  WATCH(
      "watch",
      Form.CHOICE,
      "auto",
      "How changes are noticed: auto (fanotify where the kernel allows it, inotify for the rest,"
          + " polling where that is refused too), fanotify (the same, but no start without it),"
          + " inotify, or polling."),
  WHO(
      "who",
      Form.CHOICE,
      "process",
      "What is reported of the process that changed a file, where fanotify tells: off, process (id,"
          + " name, program, unit, container), or person (also the login uid)."),
  SCAN_THREADS(
      "scan.threads",
      Form.THREADS,
      "auto",
      "Threads of the first scan; auto is one for each core this process may use, at most 8."
          + " Later scans take one, with the lowest priority for CPU and disk."),
  SCAN_MAX_RATE(
      "scan.max-rate",
      Form.BYTES,
      "64MiB",
      "File content that scans after the first read in a second, at most. A scan that is ahead"
          + " sleeps; nothing is skipped."),
  CPU_BUDGET(
      "cpu.budget",
      Form.PERCENT,
      "20",
      "Percent of one core that scans after the first take, at most. A scan that is ahead sleeps;"
          + " nothing is skipped."),
  SPOOL_MAX_BYTES(
      "spool.max-bytes",
      Form.BYTES,
      "256MiB",
      "Bound of the spool. Beyond it deltas collapse into a snapshot; the time whose steps are lost"
          + " with that is told and stays in the host's history."),
  SPOOL_MAX_AGE(
      "spool.max-age",
      Form.DURATION,
      "168h",
      "Bound of the age of what is in the spool, with the same effect."),
  START_SPREAD(
      "start.spread",
      Form.DURATION,
      "30s",
      "After a start the collector first connects somewhere in this time, always at the same place"
          + " for one host: a fleet that restarts together does not arrive in one second. 0s for a"
          + " single machine."),
  ENROLMENT_TOKEN_FILE(
      "enrolment.token-file",
      Form.PATH,
      "",
      "File with the enrolment token that lets this host into the fleet; empty: none. Read at the"
          + " start; the token itself is never sent. May be removed once the host is in."),
  LABEL(
      "label.*",
      Form.TEXT,
      "",
      "Labels the host asserts of itself, for display and search: label.rack=b12. ${NAME} stands for"
          + " an environment variable, which must be set: label.node=${NODE_NAME}."),
  AS_SHIPPED_KEY(
      "baseline.as-shipped.key",
      Form.PATH,
      "",
      "Ed25519 key (PKCS #8, PEM) that signs the as-shipped baseline of this host; empty: none is"
          + " published. For a single machine: whoever holds the key decides what is normal."),
  AS_SHIPPED_STORE(
      "baseline.as-shipped.store",
      Form.PATH,
      "",
      "Directory of manifests by digest that the engine reads; needed with baseline.as-shipped.key."),
  EMBEDDED_TRUST(
      "baseline.embedded.trust",
      Form.PATH,
      "",
      "Directory of trust roots. If one of them signed the baseline that the image carries (see"
          + " baseline embed), snapshots state the difference from it: some hundred bytes for a host that"
          + " is as its image. Empty: it is not looked at."),
  EMBEDDED_PATH(
      "baseline.embedded.path",
      Form.PATH,
      "/usr/lib/patina/baseline",
      "Where that baseline is, below root."),
  ENGINE_URL(
      "engine.url",
      Form.TEXT,
      "",
      "The engine's address, https://patina.example.org, which is asked before such a snapshot"
          + " whether it holds the manifest; if it does not, the snapshot is self-contained. Empty, or"
          + " nobody answers: the baseline is taken for published."),
  ENGINE_TOKEN_FILE(
      "engine.token-file", Form.PATH, "", "File with the bearer token that the engine wants.");

  /** What a value looks like. */
  public enum Form {
    TEXT("text"),
    PATH("absolute path"),
    PORT("0 to 65535"),
    THREADS("1 to 64, or auto"),
    PERCENT("1 to 100"),
    DURATION("number and ms, s, m or h"),
    CHOICE("one of the words"),
    BYTES("number and KiB, MiB or GiB, or bytes");

    private final String shown;

    Form(String shown) {
      this.shown = shown;
    }

    public String shown() {
      return shown;
    }
  }

  private final String key;
  private final Form form;
  private final Optional<String> fallback;
  private final String meaning;

  Setting(
      String key, Form form, @org.jspecify.annotations.Nullable String fallback, String meaning) {
    this.key = key;
    this.form = form;
    this.fallback = Optional.ofNullable(fallback);
    this.meaning = meaning;
  }

  /** As it is written; {@code NAME.*} stands for a family. */
  public String key() {
    return key;
  }

  public Form form() {
    return form;
  }

  /** The default; empty for a key that must be given. */
  public Optional<String> fallback() {
    return fallback;
  }

  public String meaning() {
    return meaning;
  }

  boolean isFamily() {
    return key.endsWith(".*");
  }

  String prefix() {
    return key.substring(0, key.length() - 1);
  }

  /** The setting that a written key belongs to. */
  static Optional<Setting> of(String written) {
    return Arrays.stream(values())
        .filter(s -> s.key.equals(written))
        .findFirst()
        .or(
            () ->
                Arrays.stream(values())
                    .filter(s -> s.isFamily() && written.startsWith(s.prefix()))
                    .filter(s -> written.length() > s.prefix().length())
                    .findFirst());
  }

  /** All settings as a page in Markdown: what docs/collector-config.md holds. */
  public static String page() {
    StringBuilder out =
        new StringBuilder(
            """
            # Configuration of `patina collect`

            A file of `key=value` lines (Java properties, UTF-8), given with `--config FILE`. An unknown key, a
            value of the wrong form or a missing one ends the start with a message that says what to write.
            This page is made by `patina collect --help-config`.

            | key | default | form | meaning |
            |---|---|---|---|
            """);
    for (Setting s : values()) {
      String shown =
          s.fallback.map(f -> f.isEmpty() ? "none" : "`" + f + "`").orElse("**required**");
      out.append("| `")
          .append(s.key)
          .append("` | ")
          .append(shown)
          .append(" | ")
          .append(s.form.shown())
          .append(" | ")
          .append(s.meaning)
          .append(" |\n");
    }
    return out.toString();
  }
}
