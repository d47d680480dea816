package io.patina.engine.metrics;

import io.patina.engine.enrolment.Identities;
import io.patina.engine.fleet.FleetCounts;
import io.patina.engine.fleet.HostView;
import io.patina.engine.fleet.Hosts;
import io.patina.engine.maintenance.Maintenances;
import io.patina.engine.waivers.Waiver;
import io.patina.engine.waivers.Waivers;
import io.patina.facts.Escaped;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What is true of the fleet, read when a scrape asks, by the one replica that speaks for it. While
 * the database is away there are no figures rather than old ones.
 */
@Singleton
class FleetFigures extends Collector {

  private static final Logger LOG = Logger.getLogger(FleetFigures.class);

  /** A series per host is for the few that need a person. */
  static final int MOST_HOSTS = 500;

  private final Speaker speaker;
  private final FleetCounts counts;
  private final Hosts hosts;
  private final Waivers waivers;
  private final Maintenances maintenances;
  private final Identities identities;

  FleetFigures(
      Speaker speaker,
      FleetCounts counts,
      Hosts hosts,
      Waivers waivers,
      Maintenances maintenances,
      Identities identities) {
    this.waivers = waivers;
    this.maintenances = maintenances;
    this.identities = identities;
    this.speaker = speaker;
    this.counts = counts;
    this.hosts = hosts;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    try {
      if (!speaker.speaks()) {
        return List.of(speaks(0));
      }
      List<MetricFamilySamples> families = new ArrayList<>(fleet());
      families.add(speaks(1));
      return families;
    } catch (SQLException e) {
      LOG.warnf("fleet-figures-missing reason=%s", e.getMessage());
      return List.of(speaks(0));
    }
  }

  private static GaugeMetricFamily speaks(int value) {
    return new GaugeMetricFamily(
        "patina_fleet_speaker",
        "1 on the replica that exports figures of the whole fleet, 0 on the others.",
        value);
  }

  private List<MetricFamilySamples> decisions() throws SQLException {
    Map<Waiver.State, Integer> states = new EnumMap<>(Waiver.State.class);
    states.put(Waiver.State.REQUESTED, 0);
    states.put(Waiver.State.IN_FORCE, 0);
    states.put(Waiver.State.EXPIRING, 0);
    Instant now = waivers.now();
    waivers.list(false).forEach(w -> states.merge(w.state(now), 1, Integer::sum));
    GaugeMetricFamily byState =
        new GaugeMetricFamily(
            "patina_waivers",
            "Waivers that wait for approval, that are in force, and those in force that expire"
                + " soon, at most "
                + Waivers.MOST
                + " in all.",
            List.of("state"));
    states.forEach((state, count) -> byState.addMetric(List.of(state.wireName()), count));
    return List.of(
        byState,
        new GaugeMetricFamily(
            "patina_maintenances",
            "Maintenances that last: what happens to their hosts is recorded and not told.",
            maintenances.list(false).size()));
  }

  private List<MetricFamilySamples> fleet() throws SQLException {
    GaugeMetricFamily byVerdict =
        new GaugeMetricFamily(
            "patina_hosts",
            "Hosts by verdict, pool and name of the baseline (empty: none).",
            List.of("verdict", "pool", "baseline"));
    for (FleetCounts.Count c : counts.counts()) {
      if (c.pool().isEmpty()) {
        // Nobody has approved them: they are counted below and nowhere else.
        continue;
      }
      byVerdict.addMetric(
          List.of(c.verdict(), Escaped.text(c.pool()), c.baseline()), (double) c.hosts());
    }
    GaugeMetricFamily attention =
        new GaugeMetricFamily(
            "patina_host_attention",
            "1 for every host that is artisanal or silent and not in maintenance, worst first, at"
                + " most "
                + MOST_HOSTS
                + " series.",
            List.of("host_id", "hostname", "pool", "verdict"));
    List<HostView> listed = hosts.artisanalOrSilent(MOST_HOSTS);
    for (HostView h : listed) {
      attention.addMetric(
          List.of(
              h.id(),
              Escaped.text(h.name()),
              Escaped.text(h.pool()),
              // Of a silent host this matters more than what it was when last heard of.
              h.silent() ? "unobserved" : h.verdict()),
          1);
    }
    long omitted = Math.max(0, hosts.artisanalOrSilentCount() - listed.size());
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(byVerdict);
    Identities.Waiting waiting = identities.waiting();
    families.add(
        new GaugeMetricFamily(
            "patina_hosts_unapproved",
            "Hosts whose key was pinned at first use and that nobody has approved.",
            (double) waiting.unapproved()));
    families.add(
        new GaugeMetricFamily(
            "patina_installations_knocking",
            "Installations that report and are not let in, within 30 days; bounded.",
            (double) waiting.knocking()));
    families.add(attention);
    families.add(
        new GaugeMetricFamily(
            "patina_host_attention_omitted",
            "Artisanal or silent hosts, not in maintenance, beyond the bound of patina_host_attention.",
            (double) omitted));
    families.addAll(decisions());
    Optional<Instant> oldest = hosts.longestUnheard();
    oldest.ifPresent(
        o ->
            families.add(
                new GaugeMetricFamily(
                    "patina_oldest_report_timestamp_seconds",
                    "When the last report of the host that has been quiet longest reached the"
                        + " broker.",
                    o.toEpochMilli() / 1000.0)));
    return families;
  }
}
