package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.engine.Configured;
import io.patina.engine.catalogue.BaselineIntake;
import io.patina.engine.catalogue.CatalogueConfig;
import io.patina.engine.catalogue.CatalogueReader;
import io.patina.engine.catalogue.TrustedKeys;
import io.patina.engine.database.Transactions;
import io.patina.engine.deviations.CauseConfig;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.enrolment.Admissions;
import io.patina.engine.enrolment.EnrolmentConfig;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.WeighingJudge;
import io.patina.engine.reports.Arrival;
import io.patina.engine.reports.Decoded;
import io.patina.engine.reports.ReportDecoder;
import io.patina.engine.reports.SnapshotAssembly;
import io.patina.engine.retirement.RetirementConfig;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.StateConfig;
import io.patina.engine.webhooks.WebhookConfig;
import io.patina.engine.webhooks.Webhooks;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.Report;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Ingest without Kafka and without Quarkus, on a real database. */
final class Workshop implements AutoCloseable {

  static final String TOPIC_ID = "topic";

  private final EmbeddedPostgres postgres;
  private final Path directory;
  private final Clock clock;
  private final SigningKey signer = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
  private final Map<String, String> settings;
  private final Transactions transactions;
  private final BaselineIntake intake;

  Workshop(Path directory, Map<String, String> settings) throws IOException, SQLException {
    this(directory, settings, Clock.systemUTC());
  }

  /**
   * @param clock by which time alone changes verdicts
   */
  Workshop(Path directory, Map<String, String> settings, Clock clock)
      throws IOException, SQLException {
    this.clock = clock;
    this.directory = directory;
    this.postgres = EmbeddedPostgres.builder().start();
    Flyway.configure()
        .dataSource(postgres.getPostgresDatabase())
        .locations("classpath:db/migration")
        .load()
        .migrate();
    Files.createDirectories(directory.resolve("roots"));
    Files.writeString(directory.resolve("roots/a.pem"), signer.publicKey().pem());
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("patina.catalogue.approve-signed", "true");
    all.putIfAbsent("patina.enrolment.first-use", "approve");
    all.put("patina.catalogue.trust-roots", directory.resolve("roots").toString());
    all.put("patina.catalogue.store", directory.resolve("store").toString());
    this.settings = Map.copyOf(all);
    this.transactions = new Transactions(postgres.getPostgresDatabase());
    CatalogueConfig catalogue = config(CatalogueConfig.class);
    this.intake = new BaselineIntake(transactions, new TrustedKeys(catalogue), catalogue);
    execute(
        "insert into partition_offset (topic_id, part, next) values ('" + TOPIC_ID + "', 0, 0)");
  }

  Transactions transactions() {
    return transactions;
  }

  DataSource database() {
    return postgres.getPostgresDatabase();
  }

  <T> T config(Class<T> mapping) {
    return Configured.with(mapping, settings);
  }

  /** Signs a baseline and takes it in. */
  void baseline(GoldenBaseline golden, Manifest manifest) throws IOException, SQLException {
    new ManifestStore(directory.resolve("store")).put(manifest);
    intake.take(BaselineStatement.sign(golden, signer).json());
  }

  /** Takes an envelope in as the topic brings it. */
  void take(String envelope) throws SQLException {
    intake.take(envelope);
  }

  /** Takes a decision as its topic brings it. */
  void decided(String json) throws SQLException {
    intake.decided(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A replica: nothing of it is shared with another but the database. */
  final class Replica {
    private final Slices slices;
    private final Timers timers;
    private final TurnTimers turns;
    private final DecisionTimers decisions;
    final Lane lane = new Lane(TOPIC_ID, 0);
    final IngestFigures figures = new IngestFigures();
    private final ReportDecoder decoder = new ReportDecoder(TestHost.PARTITIONS);

    Replica() {
      this(settings, clock);
    }

    /**
     * @param settings of its own instead of the workshop's
     * @param clock likewise
     */
    Replica(Map<String, String> settings, Clock clock) {
      JudgeConfig judging = config(JudgeConfig.class);
      StateConfig state = config(StateConfig.class);
      IngestConfig ingest = config(IngestConfig.class);
      ManifestCache manifests = new ManifestCache(state);
      InForceReader decided = new InForceReader(clock);
      Webhooks webhooks = new Webhooks(config(WebhookConfig.class));
      Comparing comparing =
          new Comparing(
              manifests, judging, state, new CauseRules(config(CauseConfig.class)), decided);
      Judging bench = new Judging(new WeighingJudge(judging), judging, comparing, decided);
      slices =
          new Slices(
              transactions,
              new CatalogueReader(new TrustedKeys(config(CatalogueConfig.class))),
              new HostReports(
                  new Admissions(Configured.with(EnrolmentConfig.class, settings)),
                  new Identities(judging, config(RetirementConfig.class)),
                  new SnapshotAssembly(manifests, state),
                  comparing,
                  manifests,
                  state),
              bench,
              new DeadLetters(Configured.with(IngestConfig.class, settings)),
              figures,
              webhooks,
              ingest,
              state,
              clock);
      timers = new Timers(transactions, slices, bench, comparing, clock);
      decisions = new DecisionTimers(transactions, slices, bench, webhooks, clock);
      turns = new TurnTimers(transactions, slices, bench, clock);
    }

    TurnTimers turns() {
      return turns;
    }

    Timers timers() {
      return timers;
    }

    DecisionTimers decisions() {
      return decisions;
    }

    Slices slices() {
      return slices;
    }

    /** Reads where it is, if it does not know. */
    void position() throws SQLException {
      if (!lane.isPositioned()) {
        transactions.perform(lane::read);
      }
    }

    /**
     * Takes records of a log from its position on, at most so many.
     *
     * @return false if its fence was lost
     */
    boolean take(List<Arrival> log, int most) throws SQLException {
      position();
      int from = (int) lane.position();
      int to = Math.min(log.size(), from + most);
      if (from >= to) {
        return true;
      }
      List<Decoded> decoded = new ArrayList<>();
      for (Arrival a : log.subList(from, to)) {
        decoded.add(decoder.decode(a));
      }
      try {
        slices.take(lane, decoded);
        return true;
      } catch (Lane.FenceLost e) {
        return false;
      }
    }

    /** Takes everything of a log. */
    void takeAll(List<Arrival> log) throws SQLException, Lane.FenceLost {
      do {
        var unused = take(log, 100);
      } while (!lane.isPositioned() || lane.position() < log.size());
      slices.flush(lane);
    }
  }

  /** Appends a report to a log, as a broker would. */
  static void append(List<Arrival> log, Report report, Instant at) {
    log.add(new Arrival(0, log.size(), at, report.getInstallation(), report.toByteString()));
  }

  void execute(String sql) throws SQLException {
    try (Connection c = postgres.getPostgresDatabase().getConnection();
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  /** The rows of a query, columns separated by blanks. */
  List<String> rows(String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection c = postgres.getPostgresDatabase().getConnection();
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : " ").append(rows.getString(i));
        }
        found.add(row.toString());
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
