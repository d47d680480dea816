package io.patina.engine.fleet;

import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.facts.Escaped;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import io.patina.scope.Glob;
import io.patina.signing.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes a fleet into the database as ingest would have left it: the same for the same seed. */
public final class SeededFleet {

  private static final String[] POOLS = {
    "web", "db", "cache", "edge", "build", "mail", "k8s-worker", "k8s-control"
  };
  private static final String[] SITES = {"ams1", "fra2", "osl1"};

  private final Connection db;
  private final Random random;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final byte[] baseline;

  private SeededFleet(Connection db, long seed) throws SQLException {
    this.db = db;
    this.random = new Random(seed);
    this.baseline = baseline(db, now);
  }

  /** One deviation to write. */
  public record Drift(
      String facet,
      String key,
      String kind,
      String expected,
      String actual,
      String owner,
      String driftClass) {}

  private static final List<Drift> HAND_MADE =
      List.of(
          new Drift(
              "file",
              "/usr/sbin/sshd",
              "changed",
              "{\"sha256\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\",\"size\":\"1221560\"}",
              "{\"sha256\":\"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752\",\"size\":\"1221592\"}",
              "openssh-server",
              "packaged-file-changed"),
          new Drift(
              "file",
              "/usr/bin/python3.11",
              "changed",
              "{\"mode\":\"0755\"}",
              "{\"mode\":\"4755\"}",
              "python3.11-minimal",
              "packaged-file-changed"),
          new Drift(
              "file",
              "/etc/ssh/sshd_config",
              "changed",
              "{\"sha256\":\"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\",\"size\":\"3255\"}",
              "{\"sha256\":\"fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9\",\"size\":\"3301\"}",
              "openssh-server",
              "configuration"),
          new Drift(
              "file",
              "/etc/sudoers",
              "changed",
              "{\"mode\":\"0440\"}",
              "{\"mode\":\"0644\"}",
              "sudo",
              "configuration"),
          new Drift(
              "file",
              "/usr/local/bin/fixup.sh",
              "unexpected",
              "{}",
              "{\"gid\":\"0\",\"mode\":\"0755\",\"size\":\"1834\",\"type\":\"file\",\"uid\":\"0\"}",
              "",
              "unpackaged-file"),
          new Drift(
              "file",
              "/opt/agent",
              "unexpected",
              "{}",
              "{\"gid\":\"0\",\"mode\":\"0755\",\"type\":\"directory\",\"uid\":\"0\"}",
              "",
              "unpackaged-file"),
          new Drift(
              "file",
              "/opt/agent/bin",
              "unexpected",
              "{}",
              "{\"gid\":\"0\",\"mode\":\"0755\",\"type\":\"directory\",\"uid\":\"0\"}",
              "",
              "unpackaged-file"),
          new Drift(
              "file",
              "/opt/agent/bin/agentd",
              "unexpected",
              "{}",
              "{\"gid\":\"0\",\"mode\":\"0755\",\"size\":\"20971520\",\"type\":\"file\",\"uid\":\"0\"}",
              "",
              "unpackaged-file"),
          new Drift(
              "file",
              "/opt/agent/agent.conf",
              "unexpected",
              "{}",
              "{\"gid\":\"0\",\"mode\":\"0644\",\"size\":\"412\",\"type\":\"file\",\"uid\":\"0\"}",
              "",
              "unpackaged-file"),
          new Drift(
              "kernel",
              "sysctl:net.ipv4.ip_forward",
              "changed",
              "{\"value\":\"0\"}",
              "{\"value\":\"1\"}",
              "",
              "kernel"),
          new Drift(
              "unit",
              "nginx.service",
              "changed",
              "{\"active\":\"active\",\"dropins\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}",
              "{\"active\":\"failed\",\"dropins\":\"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03\"}",
              "",
              "unit"),
          new Drift(
              "mount",
              "/usr",
              "changed",
              "{\"options\":\"ro,nosuid,relatime\"}",
              "{\"options\":\"rw,nosuid,relatime\"}",
              "",
              "mount"),
          new Drift(
              "package",
              "dpkg:libssl3:amd64",
              "changed",
              "{\"versions\":\"3.0.15-1~deb12u1\"}",
              "{\"versions\":\"3.0.14-1~deb12u2\"}",
              "",
              "package"),
          new Drift(
              "file",
              "/usr/lib/x86_64-linux-gnu/libnss_db.so.2",
              "missing",
              "{\"mode\":\"0644\",\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\"size\":\"39304\",\"type\":\"file\"}",
              "{}",
              "libc6",
              "packaged-file-missing"));

  /** Writes this many hosts, their deviations and events, and the counters. */
  public static void write(Connection db, int hosts, long seed) throws SQLException {
    boolean auto = db.getAutoCommit();
    db.setAutoCommit(false);
    SeededFleet fleet = new SeededFleet(db, seed);
    for (int i = 0; i < hosts; i++) {
      fleet.host(i, hosts);
    }
    fleet.count();
    db.commit();
    db.setAutoCommit(auto);
  }

  /** Removes what {@link #write} wrote. */
  public static void clear(Connection db) throws SQLException {
    try (Statement s = db.createStatement()) {
      s.execute(
          "truncate event, verdict_interval, deviation, deviation_group, group_acknowledgement,"
              + " fleet_count, pool_count, pool_turning, installation, host, baseline, manifest"
              + " cascade");
    }
  }

  /** Writes one host with these deviations; gives its id. */
  public static UUID one(
      Connection db, String name, String pool, String verdict, int score, List<Drift> drifts)
      throws SQLException {
    SeededFleet fleet = new SeededFleet(db, name.hashCode());
    UUID host = fleet.host(name, pool, verdict, score, drifts);
    fleet.count();
    return host;
  }

  private void host(int i, int of) throws SQLException {
    int p = of == 1 ? 0 : (int) (POOLS.length * Math.pow(random.nextDouble(), 1.6));
    String pool = of == 1 ? "default" : POOLS[p];
    String name =
        of == 1
            ? "vega"
            : String.format("%s-%04d.%s.example.net", pool, i, SITES[random.nextInt(SITES.length)]);
    double dice = of == 1 ? 0.001 : random.nextDouble() * (pool.equals("build") ? 0.55 : 1);
    String verdict =
        dice < 0.006
            ? "artisanal"
            : dice < 0.04
                ? "drifting"
                : dice < 0.049
                    ? "unobserved"
                    : dice < 0.052 ? "unbaselined" : dice < 0.07 ? "updating" : "conforming";
    List<Drift> drifts = new ArrayList<>();
    int score = 0;
    if (verdict.equals("artisanal")) {
      drifts.addAll(
          HAND_MADE.subList(
              0, of == 1 ? HAND_MADE.size() : 2 + random.nextInt(HAND_MADE.size() - 2)));
      score = 55 + random.nextInt(46);
    } else if (verdict.equals("drifting")) {
      drifts.add(HAND_MADE.get(3));
      drifts.add(HAND_MADE.get(9));
      score = 5 + random.nextInt(40);
    }
    host(name, pool, verdict, score, drifts);
  }

  private UUID host(String name, String pool, String verdict, int score, List<Drift> drifts)
      throws SQLException {
    UUID host = new UUID(random.nextLong(), random.nextLong());
    UUID installation = new UUID(random.nextLong(), random.nextLong());
    Instant since = now.minus(30 + random.nextInt(4000), ChronoUnit.MINUTES);
    boolean silent = verdict.equals("unobserved");
    run(
        "insert into host (id, name, pool, created_at) values (?, ?, ?, ?)",
        host,
        name,
        pool,
        at(since.minus(40, ChronoUnit.DAYS)));
    boolean differs = !drifts.isEmpty();
    Drift first = differs ? drifts.getFirst() : HAND_MADE.getFirst();
    String sentence =
        switch (verdict) {
          case "artisanal" ->
              "This host is artisanal: "
                  + drifts.size()
                  + " deviations, 2 packaged files changed, such as "
                  + Escaped.text(first.key())
                  + " of package openssh-server; 2 configuration files edited.";
          case "drifting" ->
              "This host is drifting: "
                  + drifts.size()
                  + " deviations, 1 configuration file edited: /etc/sudoers of package sudo.";
          case "unobserved" -> "Nothing has been heard of this host for 41 minutes.";
          case "unbaselined" -> "No approved baseline selects this host.";
          case "updating" -> "This host is between two versions of its baseline.";
          default -> "This host is as its baseline says.";
        };
    String recommendation =
        switch (verdict) {
          case "artisanal" -> "reimage";
          case "drifting", "unobserved" -> score > 25 ? "investigate" : "observe";
          default -> "none";
        };
    String reasons =
        differs
            ? "[\"2 packaged files changed, such as /usr/sbin/sshd of package openssh-server\","
                + "\"2 configuration files edited, such as /etc/sudoers of package sudo\","
                + "\"1 kernel setting changed: kernel sysctl:net.ipv4.ip_forward\"]"
            : "[]";
    run(
        """
        insert into installation (id, host, part, public_key, first_seen, last_seen, reported_at,
          seen_at, incarnation, sequence, scope, hostname, collector_version, silent_after, silent,
          fingerprint, sync, sync_since, facts, gaps, last_full_compare, watching, baseline,
          open_deviations, drift_signature, verdict, score, recommendation, sentence, reasons,
          verdict_since)
        values (?, ?, ?, '\\x00', ?, ?, ?, ?, ?, 7, '\\x00', ?, '0.1.0', ?, ?, ?, 'proven', ?, ?, ?, ?,
          'inotify', ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
        """,
        installation,
        host,
        Math.floorMod(installation.hashCode(), 4),
        at(since.minus(40, ChronoUnit.DAYS)),
        at(
            silent
                ? now.minus(41, ChronoUnit.MINUTES)
                : now.minus(random.nextInt(280), ChronoUnit.SECONDS)),
        at(now),
        at(now),
        UUID.randomUUID(),
        name,
        at(now.plus(10, ChronoUnit.MINUTES)),
        silent,
        digest("fingerprint" + name),
        at(since),
        97_000L + random.nextInt(900),
        silent ? 0L : (long) random.nextInt(3),
        at(now.minus(random.nextInt(1400), ChronoUnit.MINUTES)),
        verdict.equals("unbaselined") ? null : baseline,
        (long) drifts.size(),
        differs ? digest("signature" + drifts.size()) : null,
        verdict,
        score,
        recommendation,
        sentence,
        reasons,
        at(since));
    int n = 0;
    for (Drift d : drifts) {
      deviation(host, installation, d, since.minus(3L * n++, ChronoUnit.MINUTES));
    }
    if (differs) {
      event(
          host,
          installation,
          "verdict.changed",
          since,
          "{\"from\":\"conforming\",\"verdict\":\"%s\",\"sentence\":\"%s\"}"
              .formatted(verdict, sentence));
    }
    return host;
  }

  private void deviation(UUID host, UUID installation, Drift d, Instant onset) throws SQLException {
    byte[] key = bytes(d.key());
    byte[] keyId = Arrays.copyOf(digest(d.facet() + "\0" + d.key()), 16);
    String text = Escaped.bytes(ByteString.copyFrom(key));
    run(
        """
        insert into deviation (id, installation, host, key_id, facet, key, key_text, kind, expected,
          actual, owner, drift_class, cause, baseline, onset_earliest, onset_latest, observed_at,
          settles_at, fact_since, difference)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, 'hand-edit', ?, ?, ?, ?, ?, ?, '\\x00')
        """,
        new UUID(random.nextLong(), random.nextLong()),
        installation,
        host,
        keyId,
        d.facet(),
        key,
        text,
        d.kind(),
        d.expected(),
        d.actual(),
        d.owner().isEmpty() ? null : d.owner(),
        d.driftClass(),
        baseline,
        at(onset),
        at(onset),
        at(onset),
        at(onset),
        at(onset));
    String json =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .createObjectNode()
            .put("facet", d.facet())
            .put("key", text)
            .put("kind", d.kind())
            .toString();
    event(host, installation, "deviation.opened", onset, json);
  }

  private void event(UUID host, UUID installation, String kind, Instant observed, String data)
      throws SQLException {
    run(
        "insert into event (id, host, installation, kind, observed_at, recorded_at, data) values"
            + " (?, ?, ?, ?, ?, ?, ?::jsonb)",
        new UUID(random.nextLong(), random.nextLong()),
        host,
        installation,
        kind,
        at(observed),
        at(observed),
        data);
  }

  private void count() throws SQLException {
    try (Statement s = db.createStatement()) {
      s.execute("truncate fleet_count");
      s.execute(
          """
          insert into fleet_count
          select i.part, i.verdict, h.pool, coalesce(b.name, ''), count(*)
          from installation i join host h on h.id = i.host
            left join baseline b on b.statement = i.baseline
          group by 1, 2, 3, 4
          """);
      s.execute("truncate pool_count");
      s.execute(
          """
          insert into pool_count (pool, baseline, signature, part, hosts)
          select h.pool, coalesce(i.baseline, ''), coalesce(i.drift_signature, ''), i.part, count(*)
          from installation i join host h on h.id = i.host
          group by 1, 2, 3, 4
          """);
      s.execute("analyze");
    }
  }

  private static byte[] baseline(Connection db, Instant now) throws SQLException {
    GoldenBaseline golden =
        new GoldenBaseline(
            "debian-12-fleet",
            "2026.11.3",
            Digest.of(ByteString.copyFromUtf8("manifest")),
            List.of(),
            List.of(),
            List.of(
                new Expectation.Ignored(
                    new Expectation.Keys("file", Glob.of("/var/log/**")),
                    "logs differ on every host")),
            "pet",
            new Selector(Optional.empty(), Map.of("os", "debian-12")),
            now.minus(12, ChronoUnit.DAYS),
            "image-pipeline");
    var envelope = BaselineStatement.sign(golden, SigningKey.generate(new SecureRandom()));
    byte[] statement = BaselineStatement.digest(envelope).bytes().toByteArray();
    try (PreparedStatement s =
            db.prepareStatement("select statement from baseline where name = 'debian-12-fleet'");
        var r = s.executeQuery()) {
      if (r.next()) {
        return r.getBytes(1);
      }
    }
    run(
        db,
        """
        insert into baseline (statement, name, version, manifest, policy, selector, author,
          created_at, signer, envelope, state, approved_by, approved_at, revision, entries)
        values (?, 'debian-12-fleet', '2026.11.3', ?, 'pet', '{"labels":{"os":"debian-12"}}',
          'image-pipeline', ?, 'sha256:5f1c', ?, 'active', 'ops', ?, 1, 97344)
        """,
        statement,
        golden.manifest().bytes().toByteArray(),
        at(now.minus(12, ChronoUnit.DAYS)),
        envelope.json(),
        at(now.minus(11, ChronoUnit.DAYS)));
    return statement;
  }

  private static byte[] digest(String text) {
    return Digest.of(ByteString.copyFromUtf8(text)).bytes().toByteArray();
  }

  /** Latin-1 for keys that are meant to be invalid UTF-8: those with U+00FF in them. */
  private static byte[] bytes(String key) {
    return key.getBytes(
        key.indexOf('\u00ff') >= 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  private static Object at(Instant i) {
    return i.atOffset(ZoneOffset.UTC);
  }

  private void run(String sql, @Nullable Object... parameters) throws SQLException {
    run(db, sql, parameters);
  }

  private static void run(Connection db, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement s = db.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        s.setObject(i + 1, parameters[i]);
      }
      s.executeUpdate();
    }
  }
}
