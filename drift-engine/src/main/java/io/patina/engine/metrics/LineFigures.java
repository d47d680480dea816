package io.patina.engine.metrics;

import io.patina.engine.ingest.IngestFigures;
import io.patina.engine.reading.IngestStatus;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What this replica does, and how far the partitions that it owns are read. */
@Singleton
class LineFigures extends Collector {

  private final IngestFigures figures;
  private final IngestStatus status;
  private final Clock clock = Clock.systemUTC();

  LineFigures(IngestFigures figures, IngestStatus status) {
    this.figures = figures;
    this.status = status;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(counter("patina_reports", "Reports by outcome.", "outcome", figures.reports()));
    families.add(
        counter("patina_deviations_opened", "Deviations opened.", "facet", figures.opened()));
    families.add(
        counter("patina_deviations_closed", "Deviations closed.", "facet", figures.closed()));
    families.add(
        new CounterMetricFamily(
            "patina_fences_lost",
            "How often another replica had gone on where this one thought it owned a partition.",
            (double) figures.fencesLost()));
    GaugeMetricFamily waiting =
        new GaugeMetricFamily(
            "patina_ingest_lag_records", "Reports that wait in a partition.", List.of("partition"));
    GaugeMetricFamily behind =
        new GaugeMetricFamily(
            "patina_ingest_lag_seconds",
            "Age of the last report taken from a partition in which reports wait; 0 if none waits.",
            List.of("partition"));
    Instant now = clock.instant();
    figures
        .progress()
        .forEach(
            (part, progress) -> {
              List<String> labels = List.of(Integer.toString(part));
              waiting.addMetric(labels, (double) progress.lag());
              behind.addMetric(
                  labels,
                  progress.lag() == 0
                      ? 0
                      : Math.max(0, Duration.between(progress.oldest(), now).toMillis() / 1000.0));
            });
    families.add(
        new GaugeMetricFamily(
            "patina_broker_away",
            "1 while Kafka does not answer this replica: no host is silent meanwhile.",
            status.isBrokerAway() ? 1 : 0));
    families.add(waiting);
    families.add(behind);
    return families;
  }

  private static CounterMetricFamily counter(
      String name, String help, String label, Map<String, Long> values) {
    CounterMetricFamily family = new CounterMetricFamily(name, help, List.of(label));
    values.forEach((value, n) -> family.addMetric(List.of(value), (double) n));
    return family;
  }
}
