package io.patina.engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.engine.Configured;
import io.patina.engine.database.Transactions;
import io.patina.engine.enrolment.Identities;
import io.patina.engine.fleet.FleetCounts;
import io.patina.engine.fleet.Hosts;
import io.patina.engine.fleet.SeededFleet;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.maintenance.Maintenances;
import io.patina.engine.waivers.WaiverConfig;
import io.patina.engine.waivers.Waivers;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two replicas on one database: figures of the fleet are exported once. */
class TwoReplicasIT {

  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
    Flyway.configure()
        .dataSource(postgres.getPostgresDatabase())
        .locations("classpath:db/migration")
        .load()
        .migrate();
    try (Connection c = postgres.getPostgresDatabase().getConnection()) {
      SeededFleet.write(c, 700, 3);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  /** What a replica has of its own. */
  private record Replica(Speaker speaker, FleetFigures figures) {
    static Replica start() {
      DataSource database = postgres.getPostgresDatabase();
      Speaker speaker = new Speaker(database);
      Clock clock = Clock.systemUTC();
      Transactions transactions = new Transactions(database);
      return new Replica(
          speaker,
          new FleetFigures(
              speaker,
              new FleetCounts(database),
              new Hosts(database, new InForceReader(clock), clock),
              new Waivers(transactions, Configured.with(WaiverConfig.class, Map.of()), clock),
              new Maintenances(transactions, clock),
              new Identities(transactions)));
    }

    double sum(String family) {
      return figures.collect().stream()
          .filter(f -> f.name.equals(family))
          .flatMap(f -> f.samples.stream())
          .mapToDouble(s -> s.value)
          .sum();
    }
  }

  @Test
  void everyHostIsCountedOnceAndAnotherReplicaTakesOver() throws Exception {
    Replica a = Replica.start();
    Replica b = Replica.start();
    try {
      assertEquals(700, a.sum("patina_hosts"));
      assertEquals(0, b.sum("patina_hosts"));
      assertEquals(1, a.sum("patina_fleet_speaker") + b.sum("patina_fleet_speaker"));

      // The speaker's session dies, as with a killed process or a cut network.
      try (Connection c = postgres.getPostgresDatabase().getConnection();
          Statement s = c.createStatement()) {
        s.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted");
      }
      assertEquals(700, b.sum("patina_hosts"));
      assertEquals(0, a.sum("patina_hosts"), "the old one may not go on");
      assertTrue(b.speaker().speaks());
      assertFalse(a.speaker().speaks());

      b.speaker().release();
      assertEquals(700, a.sum("patina_hosts"));
    } finally {
      a.speaker().release();
      b.speaker().release();
    }
  }

  @Test
  void onlyHostsThatNeedAPersonHaveASeriesAndTheRestIsCounted() throws Exception {
    Replica a = Replica.start();
    try {
      List<MetricFamilySamples> families = a.figures().collect();
      MetricFamilySamples attention =
          families.stream()
              .filter(f -> f.name.equals("patina_host_attention"))
              .findFirst()
              .orElseThrow();
      assertFalse(attention.samples.isEmpty());
      assertTrue(attention.samples.size() <= FleetFigures.MOST_HOSTS);
      assertTrue(
          attention.samples.stream()
              .allMatch(s -> List.of("artisanal", "unobserved").contains(s.labelValues.get(3))));
      assertEquals(0, a.sum("patina_host_attention_omitted"));

      try (Connection c = postgres.getPostgresDatabase().getConnection();
          Statement s = c.createStatement()) {
        s.execute("update installation set verdict = 'artisanal'");
      }
      assertEquals(FleetFigures.MOST_HOSTS, a.sum("patina_host_attention"));
      assertEquals(700 - FleetFigures.MOST_HOSTS, a.sum("patina_host_attention_omitted"));
    } finally {
      a.speaker().release();
    }
  }
}
