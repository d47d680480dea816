package io.patina.endtoend.reports;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.wire.v1.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A script being played into the topic: sends report after report at an even pace and keeps, per
 * host, what must come of it. Used by one thread.
 */
public final class Stream {

  /** The deviation that every host has once everything of it has been taken in. */
  public static final String END = "/usr/bin/end-of-script";

  private static final FactKey END_KEY = FactKey.of(Facet.FILE, END);

  private final DriftScript script;
  private final ReportTopic topic;
  private final long pauseNanos;
  private final Map<ByteString, ExpectedHistory> histories = new HashMap<>();
  private long sent;

  public Stream(DriftScript script, ReportTopic topic, Duration pause) {
    this.script = script;
    this.topic = topic;
    this.pauseNanos = pause.toNanos();
    for (SimulatedInstallation host : script.hosts()) {
      histories.put(host.id(), new ExpectedHistory(script.golden(), script.baseline().comparer()));
    }
  }

  /** The first snapshot of every host. */
  public void open() throws InterruptedException, ExecutionException {
    for (SimulatedInstallation host : script.hosts()) {
      send(host, script.opening(host));
    }
  }

  /** This many further reports. */
  public void play(int reports) throws InterruptedException, ExecutionException {
    for (int i = 0; i < reports; i++) {
      Report report = script.next();
      for (SimulatedInstallation host : script.hosts()) {
        if (host.id().equals(report.getInstallation())) {
          send(host, report);
        }
      }
      LockSupport.parkNanos(pauseNanos);
    }
  }

  /** Gives every host a fact by which a reader of the API knows that it has seen all before it. */
  public void mark(String path) throws InterruptedException, ExecutionException {
    FactKey key = FactKey.of(Facet.FILE, path);
    for (SimulatedInstallation host : script.hosts()) {
      Map<FactKey, Optional<Entry>> mark = new TreeMap<>();
      mark.put(key, Optional.of(Entry.of(key, DriftScript.file(7))));
      send(host, host.delta(mark));
    }
  }

  /** The last report of every host. */
  public void end() throws InterruptedException, ExecutionException {
    mark(END_KEY.displayName());
  }

  private void send(SimulatedInstallation host, Report report)
      throws InterruptedException, ExecutionException {
    Instant appended = Instant.ofEpochMilli(topic.send(report).timestamp());
    expected(host).observe(host.manifest(), appended);
    sent++;
  }

  public long sent() {
    return sent;
  }

  /** The intervals that must come of what was sent of this host. */
  public Set<ExpectedHistory.Interval> intervals(SimulatedInstallation host) {
    return expected(host).intervals();
  }

  private ExpectedHistory expected(SimulatedInstallation host) {
    ExpectedHistory history = histories.get(host.id());
    if (history == null) {
      throw new IllegalArgumentException("a host of another script");
    }
    return history;
  }
}
