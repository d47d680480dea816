package io.patina.stack.fleetload;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.comparison.DriftSignature;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Locale;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes a fleet into the engine's tables as ingest would have left it. Names and partitions come
 * in by COPY; the rows are made of them in the database.
 */
final class SeededTables {

  /** Distinct ways of differing. */
  private static final int WAYS = 1000;

  private static final int POOLS = 20;

  private final Connection db;
  private final int partitions;

  SeededTables(Connection db, int partitions) {
    this.db = db;
    this.partitions = partitions;
  }

  /**
   * What hosts are held against.
   *
   * @param statement digest of a baseline that the engine holds
   * @param fingerprint of its manifest: what a host reports that is as ordered
   */
  record Ordered(Digest statement, Manifest manifest, Fingerprint fingerprint) {}

  /**
   * Writes hosts with one deviation each, as far as there are deviations, and hosts as ordered.
   *
   * @param drifting hosts that have an open deviation each
   * @param calm hosts of a pool of their own, which are as ordered
   */
  void write(int drifting, Ordered first, int calm, Ordered second)
      throws SQLException, IOException {
    db.setAutoCommit(false);
    try (Statement s = db.createStatement()) {
      s.execute(
          "create temporary table bench_host (n int, id uuid, host uuid, part int, calm boolean)"
              + " on commit drop");
      s.execute(
          "create temporary table bench_way (way int primary key, key text, key_id bytea,"
              + " difference bytea, signature bytea) on commit drop");
      copyHosts(drifting, calm);
      copyWays();
      for (String sql : statements(first, second)) {
        s.execute(sql);
      }
    }
    db.commit();
    db.setAutoCommit(true);
    try (Statement s = db.createStatement()) {
      s.execute("vacuum analyze");
    }
  }

  private void copyHosts(int drifting, int calm) throws SQLException {
    CopyIn copy = db.unwrap(PGConnection.class).getCopyAPI().copyIn("copy bench_host from stdin");
    for (int n = 0; n < drifting + calm; n++) {
      var id = SimulatedHosts.installation(n);
      write(
          copy,
          n
              + "\t"
              + id
              + "\t"
              + SimulatedHosts.host(n)
              + "\t"
              + SimulatedHosts.partition(id, partitions)
              + "\t"
              + (n >= drifting)
              + "\n");
    }
    copy.endCopy();
  }

  private void copyWays() throws SQLException {
    CopyIn copy = db.unwrap(PGConnection.class).getCopyAPI().copyIn("copy bench_way from stdin");
    for (int way = 0; way < WAYS; way++) {
      FactKey key = FactKey.of(Facet.FILE, String.format(Locale.ROOT, "/etc/bench/%04d.conf", way));
      Difference d =
          new Difference(
              key,
              Difference.Kind.CHANGED,
              new Attributes.Builder().text("mode", "0644").build(),
              new Attributes.Builder().text("mode", "0600").build());
      DriftSignature signature = new DriftSignature();
      signature.open(d);
      write(
          copy,
          way
              + "\t"
              + key.displayName()
              + "\t"
              + hex(keyId(key))
              + "\t"
              + hex(d.canonical().toByteArray())
              + "\t"
              + hex(signature.value().orElseThrow().bytes().toByteArray())
              + "\n");
    }
    copy.endCopy();
  }

  /** As the engine names keys in indexes. */
  private static byte[] keyId(FactKey key) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(key.facet().getBytes(StandardCharsets.US_ASCII));
    sha256.update((byte) 0);
    sha256.update(key.name().toByteArray());
    return ByteString.copyFrom(sha256.digest(), 0, 16).toByteArray();
  }

  private static void write(CopyIn copy, String line) throws SQLException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
  }

  private static String hex(byte[] bytes) {
    return "\\\\x" + HexFormat.of().formatHex(bytes);
  }

  private static String literal(ByteString bytes) {
    return "'\\x" + HexFormat.of().formatHex(bytes.toByteArray()) + "'::bytea";
  }

  private static String[] statements(Ordered first, Ordered second) {
    return new String[] {
      """
      insert into host (id, name, pool, labels, created_at)
      select host, case when calm then 'calm-' else 'bench-' end || lpad(n::text, 7, '0')
          || '.example.net',
        case when calm then 'bench-calm' else 'bench-' || lpad((n %% %d)::text, 2, '0') end,
        case when calm then '{"bench": "calm"}'::jsonb else '{"bench": "fleet"}'::jsonb end,
        now() - interval '40 days'
      from bench_host
      """
          .formatted(POOLS),
      """
      insert into installation (id, host, part, public_key, first_seen, last_seen, reported_at,
        seen_at, incarnation, sequence, scope, hostname, collector_version, silent_after,
        reference, reference_since, fingerprint, sync, sync_since, facts, watching, baseline,
        catalogue_revision, open_deviations, drift_signature, verdict, score, recommendation,
        sentence, reasons, verdict_since, verdict_number, breakdown)
      select b.id, b.host, b.part, %s, now() - interval '40 days', now(), now(), now(), '%s', %d,
        %s, case when calm then 'calm-' else 'bench-' end || lpad(n::text, 7, '0')
          || '.example.net',
        '0.1.0', now() + interval '1 day',
        case when calm then %s else %s end, now() - interval '40 days',
        case when calm then %s else %s end, 'proven', now() - interval '40 days', 90000, 'inotify',
        case when calm then %s else %s end, (select revision from catalogue),
        case when calm then 0 else 1 end, case when calm then null else w.signature end,
        case when calm then 'conforming' when n %% 10 = 0 then 'artisanal' else 'drifting' end,
        case when calm then 0 when n %% 10 = 0 then 60 else 10 end,
        case when calm then 'none' when n %% 10 = 0 then 'reimage' else 'observe' end,
        case when calm then 'This host is as its baseline says.'
          else 'This host is drifting: 1 deviation, 1 file not as in the baseline: ' || w.key || '.'
        end,
        case when calm then '[]'::jsonb else jsonb_build_array('1 file not as in the baseline') end,
        now() - (n %% 40000) * interval '1 minute', 1,
        '{"artisanalFrom": 50, "groups": [{"name": "file", "severity": "medium", "count": 1, "points": 10, "example": "file"}]}'
      from bench_host b join bench_way w on w.way = b.n %% %d
      """
          .formatted(
              literal(SimulatedHosts.KEY.publicKey().raw()),
              SimulatedHosts.INCARNATION,
              SimulatedHosts.SEQUENCE,
              literal(SimulatedHosts.SCOPE.bytes()),
              literal(second.manifest().digest().bytes()),
              literal(first.manifest().digest().bytes()),
              literal(second.fingerprint().bytes()),
              literal(first.fingerprint().bytes()),
              literal(second.statement().bytes()),
              literal(first.statement().bytes()),
              WAYS),
      """
      insert into deviation (id, installation, host, key_id, facet, key, key_text, kind, expected,
        actual, drift_class, cause, baseline, fact_since, onset_earliest, onset_latest, observed_at,
        settles_at, difference)
      select gen_random_uuid(), b.id, b.host, w.key_id, 'file', convert_to(w.key, 'UTF8'), w.key,
        'changed', '{"mode": "0644"}', '{"mode": "0600"}', 'file', 'unknown', %s, t.at, t.at, t.at,
        t.at, t.at, w.difference
      from bench_host b join bench_way w on w.way = b.n %% %d,
        lateral (select now() - (b.n %% 40000) * interval '1 minute' as at) t
      where not b.calm
      """
          .formatted(literal(first.statement().bytes()), WAYS),
      """
      insert into verdict_interval (installation, number, host, verdict, score, recommendation,
        sentence, reasons, baseline, catalogue_revision, observed_at)
      select i.id, 1, i.host, i.verdict, i.score, i.recommendation, i.sentence, i.reasons,
        i.baseline, i.catalogue_revision, i.verdict_since
      from installation i join bench_host b on b.id = i.id
      """,
      """
      insert into event (id, host, installation, kind, observed_at, recorded_at, data)
      select gen_random_uuid(), i.host, i.id, 'verdict.changed', i.verdict_since, i.verdict_since,
        jsonb_build_object('verdict', i.verdict, 'sentence', i.sentence)
      from installation i join bench_host b on b.id = i.id
      """,
      """
      insert into fleet_count (part, verdict, pool, baseline, hosts)
      select i.part, i.verdict, h.pool, n.name, count(*)
      from bench_host b join installation i on i.id = b.id join host h on h.id = i.host
        join baseline n on n.statement = i.baseline
      group by 1, 2, 3, 4
      """,
      """
      insert into pool_count (pool, baseline, signature, part, hosts)
      select h.pool, i.baseline, coalesce(i.drift_signature, ''), i.part, count(*)
      from bench_host b join installation i on i.id = b.id join host h on h.id = i.host
      group by 1, 2, 3, 4
      """,
    };
  }
}
