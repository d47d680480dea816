package io.patina.collector.metrics;

import io.patina.collector.delivery.Delivery;
import io.patina.collector.live.Status;
import io.patina.collector.reports.Figures;
import io.patina.collector.spool.Spool;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Every metric of the collector, read when asked for. */
public final class CollectorMetrics extends Collector {
  private static final String PREFIX = "patina_collector_";

  private final Supplier<Status> status;
  private final Spool spool;
  private final Delivery delivery;
  private final Clock clock;

  public CollectorMetrics(Supplier<Status> status, Spool spool, Delivery delivery, Clock clock) {
    this.status = status;
    this.spool = spool;
    this.delivery = delivery;
    this.clock = clock;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> all = new ArrayList<>();
    Status s = status.get();
    Figures f = s.figures();
    gauge(all, "facts", "Facts and gaps in the state.", f.facts());
    gauge(all, "gaps", "Entries of the state that could not be observed.", f.gaps());
    counter(all, "snapshots", "Snapshots spooled since the start.", f.snapshots());
    counter(all, "deltas", "Deltas spooled since the start.", f.deltas());
    counter(all, "changes", "Changes in those deltas.", f.changes());
    counter(all, "heartbeats", "Heartbeats spooled since the start.", f.heartbeats());
    counter(
        all, "lost", "Records dropped at the bound of the spool or refused by the disk.", f.lost());
    gauge(all, "owing", "1 while a snapshot waits for the disk to take it.", f.owing() ? 1 : 0);
    watch(all, s);
    counter(all, "scans", "Scans since the start.", s.scans());
    gauge(all, "scan_seconds", "What the last scan took.", s.scanSeconds());
    all.add(
        new CounterMetricFamily(
            PREFIX + "scan_held_up_seconds",
            "How long scans slept to keep to cpu.budget and scan.max-rate, since the start.",
            s.heldUpSeconds()));
    gauge(
        all,
        "last_full_compare_timestamp_seconds",
        "When every byte was last read, since the epoch; also before this start.",
        s.lastFullCompareMicros() / 1e6);
    counter(all, "read_bytes", "File content read since the start.", s.bytesRead());
    gauge(all, "spool_bytes", "Bytes of the spool on disk.", spool.bytes());
    gauge(all, "spool_oldest_age_seconds", "Age of the oldest record in the spool.", oldestAge());
    gauge(all, "spool_records", "Records that Kafka has not acknowledged.", spool.pending());
    counter(
        all,
        "acknowledged",
        "Records that Kafka acknowledged since the start.",
        delivery.acknowledged());
    counter(
        all,
        "delivery_failures",
        "Attempts to deliver that failed since the start.",
        delivery.failures());
    counter(
        all,
        "credential_rotations",
        "Times that rotated credentials were taken over since the start.",
        delivery.rotations());
    long last = delivery.lastAcknowledgement();
    gauge(
        all,
        "last_acknowledgement_age_seconds",
        "Since Kafka last acknowledged a record; NaN before the first.",
        last == 0 ? Double.NaN : Math.max(0, clock.millis() - last) / 1000.0);
    gauge(all, "resident_bytes", "Resident memory of this process.", residentBytes());
    return all;
  }

  private double oldestAge() {
    try {
      return spool.oldestAge().toMillis() / 1000.0;
    } catch (IOException e) {
      // A metric that is not known is not a number.
      return Double.NaN;
    }
  }

  private static void watch(List<MetricFamilySamples> all, Status s) {
    GaugeMetricFamily mode =
        new GaugeMetricFamily(
            PREFIX + "watch_mode", "1 for how changes are noticed now.", List.of("mode"));
    mode.addMetric(List.of(s.watching()), 1);
    all.add(mode);
    gauge(all, "watches", "Directories and inodes watched.", s.watches());
    counter(all, "events", "Notices of changes since the start.", s.events());
    counter(all, "overflows", "Times that the kernel dropped notices.", s.overflows());
  }

  private static void gauge(List<MetricFamilySamples> all, String name, String help, long value) {
    gauge(all, name, help, (double) value);
  }

  private static void counter(List<MetricFamilySamples> all, String name, String help, long value) {
    all.add(new CounterMetricFamily(PREFIX + name, help, (double) value));
  }

  private static void gauge(List<MetricFamilySamples> all, String name, String help, double value) {
    all.add(new GaugeMetricFamily(PREFIX + name, help, value));
  }

  /** VmRSS, form: proc_pid_status(5); NaN where there is no /proc. */
  static double residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024.0;
        }
      }
      return Double.NaN;
    } catch (IOException e) {
      // A metric that is not known is not a number.
      return Double.NaN;
    }
  }
}
