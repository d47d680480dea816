package io.patina.stack.fleetload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.fingerprint.LtHash16;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.signing.Envelope;
import io.patina.signing.SigningKey;
import io.patina.stack.fleetload.SeededTables.Ordered;
import io.patina.stack.latency.Spread;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a line does with a large fleet: how long pages and API take during ingest, and what becomes
 * of ingest while many hosts are judged by a bad baseline. One line of JSON per figure.
 */
public final class FleetMeasurement {

  private static final int FACTS = 20_000;
  private static final int WRONG = 5_000;
  private static final int WARMING = 50;
  private static final int LONGEST_SECONDS = 7_200;
  private static final long LOOK_MILLIS = 1_000;

  private final Where where;
  private final Size size;
  private final PrintStream out;
  private final JsonMapper json = new JsonMapper();

  /**
   * The line.
   *
   * @param token that may hand baselines in
   * @param signer whose baselines the engine trusts
   * @param store where the engine looks for manifests
   * @param partitions of the topic of reports
   */
  public record Where(
      URI page,
      String bootstrapServers,
      String jdbcUrl,
      String user,
      String password,
      String token,
      SigningKey signer,
      Path store,
      int partitions) {}

  /**
   * The fleet.
   *
   * @param hosts with one open deviation each
   * @param bad hosts more, which are as ordered until a bad baseline is theirs
   * @param rate heartbeats a second
   * @param times that each route is asked
   */
  public record Size(int hosts, int bad, double rate, int times) {}

  public FleetMeasurement(Where where, Size size, PrintStream out) {
    this.where = where;
    this.size = size;
    this.out = out;
  }

  /**
   * Seeds the tables if they have no fleet yet, and measures.
   *
   * @throws IOException if the line does not answer as it should
   */
  public void run() throws IOException, SQLException, InterruptedException {
    try (Connection db =
        DriverManager.getConnection(where.jdbcUrl(), where.user(), where.password())) {
      Ordered fleet = baseline(db, "bench-fleet", "1", "fleet", manifest(0, 200));
      Ordered calm = baseline(db, "bench-calm", "1", "calm", manifest(0, FACTS));
      seed(db, fleet, calm);
      try (Heartbeats beats =
          new Heartbeats(
              where.bootstrapServers(),
              size.hosts(),
              size.hosts() + size.bad(),
              fleet.fingerprint(),
              calm.fingerprint(),
              size.rate())) {
        // The first round of each page compiles it.
        ask(new Questions(where.page()), WARMING);
        Rate rate = new Rate(where, beats);
        Questions questions = new Questions(where.page());
        ask(questions, size.times());
        asked("ingest", questions.spreads());
        ingested("ingest", rate.end());
        judge(db, beats);
      }
    }
  }

  private void seed(Connection db, Ordered fleet, Ordered calm) throws SQLException, IOException {
    if (number(db, "select count(*) from host where pool like 'bench-%'") > 0) {
      return;
    }
    long begun = System.nanoTime();
    new SeededTables(db, where.partitions()).write(size.hosts(), fleet, size.bad(), calm);
    ObjectNode line = line("seed");
    line.put("hosts", size.hosts() + size.bad());
    line.put(
        "openDeviations", number(db, "select count(*) from deviation where end_latest is null"));
    line.put("seconds", seconds(begun));
    line.put("databaseBytes", number(db, "select pg_database_size(current_database())"));
    print(line);
  }

  private void judge(Connection db, Heartbeats beats)
      throws SQLException, IOException, InterruptedException {
    long rowsBefore = rows(db);
    long begun = System.nanoTime();
    Ordered bad = baseline(db, "bench-calm", "2", "calm", manifest(WRONG, FACTS));
    Rate rate = new Rate(where, beats);
    // By the pool's index: looking at all hosts would load the database that is measured.
    String behind =
        "select count(*) from host h join installation i on i.host = h.id"
            + " where h.pool = 'bench-calm' and i.verdict = 'conforming'";
    Questions questions = new Questions(where.page());
    while (number(db, behind) > 0) {
      ask(questions, 2);
      Thread.sleep(LOOK_MILLIS);
      if (seconds(begun) > LONGEST_SECONDS) {
        throw new IOException("the bad baseline is not judged after " + LONGEST_SECONDS + " s");
      }
    }
    double took = seconds(begun);
    asked("bad-baseline", questions.spreads());
    ingested("bad-baseline", rate.end());
    ObjectNode line = line("bad baseline");
    line.put("hosts", size.bad());
    line.put("deviationsEach", WRONG);
    line.put("seconds", took);
    line.put("rowsWritten", rows(db) - rowsBefore);
    line.put("sets", number(db, "select count(*) from drift_set"));
    line.put("setRows", number(db, "select count(*) from drift_set_entry"));
    line.put("shares", number(db, "select count(*) from drift_share where end_latest is null"));
    line.put(
        "openDeviations",
        number(
            db,
            "select coalesce(sum(open_deviations), 0) from installation where encode(baseline,"
                + " 'hex') = '"
                + bad.statement().hex()
                + "'"));
    line.put("turns", number(db, "select count(*) from pool_turn"));
    line.put(
        "fixBaseline",
        number(db, "select count(*) from installation where recommendation = 'fix-baseline'"));
    print(line);
  }

  private static long rows(Connection db) throws SQLException {
    return number(
        db,
        "select (select count(*) from deviation) + (select count(*) from drift_share)"
            + " + (select count(*) from drift_set_entry) + (select count(*) from drift_set)"
            + " + (select count(*) from event) + (select count(*) from verdict_interval)"
            + " + (select count(*) from deviation_group)");
  }

  private void ask(Questions questions, int times) throws IOException, InterruptedException {
    questions.ask(times, size.hosts() + size.bad(), this::pool);
  }

  private String pool(int host) {
    return host < size.hosts() ? String.format(Locale.ROOT, "bench-%02d", host % 20) : "bench-calm";
  }

  private void asked(String phase, Map<String, Spread> spreads) throws IOException {
    for (Map.Entry<String, Spread> each : spreads.entrySet()) {
      ObjectNode line = line("GET " + each.getKey());
      line.put("phase", phase);
      line.put("count", each.getValue().count());
      line.put("p50Millis", rounded(each.getValue().p50()));
      line.put("p99Millis", rounded(each.getValue().p99()));
      line.put("maxMillis", rounded(each.getValue().max()));
      print(line);
    }
  }

  private void ingested(String phase, Rate.Ended rate) throws IOException {
    ObjectNode line = line("ingest");
    line.put("phase", phase);
    line.put("seconds", rounded(rate.seconds()));
    line.put("sentPerSecond", rounded(rate.sent() / rate.seconds()));
    line.put("takenPerSecond", rounded(rate.taken() / rate.seconds()));
    line.put("longestStallMillis", rounded(rate.stall()));
    line.put("loadAverage", rounded(loadAverage()));
    print(line);
  }

  private ObjectNode line(String tool) {
    return json.createObjectNode().put("bench", "fleet").put("tool", tool);
  }

  private void print(ObjectNode line) throws IOException {
    out.println(json.writeValueAsString(line));
    out.flush();
  }

  private static double seconds(long begunNanos) {
    return rounded((System.nanoTime() - begunNanos) / 1e9);
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  static long number(Connection db, String sql) throws SQLException {
    try (Statement s = db.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static Manifest manifest(int wrong, int facts) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < facts; i++) {
      entries.add(
          Entry.of(
              FactKey.of(Facet.FILE, String.format(Locale.ROOT, "/usr/lib/bench/%06d", i)),
              new Attributes.Builder()
                  .text(Attributes.TYPE, "link")
                  .text(Attributes.TARGET, i < wrong ? "wrong" : "right")
                  .build()));
    }
    return Manifest.of(SimulatedHosts.SCOPE, entries);
  }

  /** Publishes a baseline and waits until the engine holds it. */
  private Ordered baseline(
      Connection db, String name, String version, String label, Manifest manifest)
      throws IOException, SQLException, InterruptedException {
    new ManifestStore(where.store()).put(manifest);
    Envelope envelope =
        BaselineStatement.sign(
            new GoldenBaseline(
                name,
                version,
                manifest.digest(),
                List.of(),
                List.of(),
                List.of(),
                "pet",
                new Selector(Optional.empty(), Map.of("bench", label)),
                Instant.parse("2026-11-25T00:00:00Z"),
                "bench"),
            where.signer());
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(where.page().resolve("api/v1/baselines"))
                    .header("Authorization", "Bearer " + where.token())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(envelope.json()))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException("the baseline " + name + " is refused: " + answer.body());
    }
    JsonNode taken = json.readTree(answer.body());
    if (!taken.path("state").asText().equals("active")) {
      throw new IOException("the baseline " + name + " is " + taken.path("state").asText());
    }
    LtHash16 hash = new LtHash16();
    manifest.forEach(e -> hash.add(e.canonical()));
    Ordered ordered = new Ordered(BaselineStatement.digest(envelope), manifest, hash.fingerprint());
    String held =
        "select count(*) from manifest where encode(digest, 'hex') = '"
            + manifest.digest().hex()
            + "'";
    while (number(db, held) == 0) {
      Thread.sleep(200);
    }
    return ordered;
  }
}
