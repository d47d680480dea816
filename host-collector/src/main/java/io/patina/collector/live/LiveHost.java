package io.patina.collector.live;

import io.patina.collector.reports.Conditions;
import io.patina.collector.reports.Figures;
import io.patina.collector.reports.Finding;
import io.patina.collector.reports.KnownFacts;
import io.patina.collector.reports.Reporting;
import io.patina.collector.scanning.Difference;
import io.patina.collector.spool.Outgoing;
import io.patina.collector.syscalls.Politeness;
import io.patina.collector.watching.Watching;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import io.patina.wire.v1.AnnouncementKind;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host under observation, from the first scan to the last report.
 *
 * <p>Three threads: one holds the state and does what notices ask for; one scans; one reads the
 * other facets, any of which may have to wait for somebody. The latter two hand over what they
 * found. A failure that nobody foresaw ends all of it: {@link #failure}.
 */
public final class LiveHost {
  private static final Logger LOG = LoggerFactory.getLogger(LiveHost.class);
  private static final Duration PACKAGE_POLL = Duration.ofSeconds(1);

  /** Package managers make and drop thousands of second names: one scan for many of them. */
  private static final int HARD_LINKS = 25;

  private static final int NICE = 10;

  private static final Duration MOUNT_REST = Duration.ofMillis(300);
  private static final Duration SETTLE_POLL = Duration.ofSeconds(5);
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** Is told when the package databases have come to rest in a new state, and once at the start. */
  public interface PackagesListener {
    /** Nobody listens. */
    PackagesListener NONE = (facts, publish) -> {};

    /**
     * Called on a thread that may take its time.
     *
     * @param facts everything as reported so far
     * @param publish spools a baseline, in order with the reports; false if it could not be kept
     */
    void settled(Manifest facts, Predicate<Outgoing> publish);
  }

  private final Observed observed;
  private final Outlet outlet;
  private final Timing timing;
  private final ScanPolicy policy;
  private final Watching watching;
  private final PackagesListener packages;
  private final PackageActivity activity;
  private final FileScans scans;
  private final Pending pending;
  private final MountChanges mounts;
  private final FacetSchedule facets;
  private final AtomicBoolean mountsMoving = new AtomicBoolean();

  /** Of the thread that reads facets. */
  private boolean mountsMovedEarly;

  private final FilePass files;
  private final Worker core;
  private final Worker scanning;
  private final Worker reading;
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final AtomicBoolean flushing = new AtomicBoolean();

  /** When, by {@link System#nanoTime}; MAX_VALUE if none is wanted. */
  private final AtomicLong rescanWanted = new AtomicLong(Long.MAX_VALUE);

  private final SplittableRandom jitter = new SplittableRandom();
  private final Phases phases = new Phases(jitter.split());
  private final LastSeen lastSeen = new LastSeen();
  private volatile boolean ending;
  private volatile @Nullable Reporting reporting;
  private volatile Figures figures = new Figures(0, 0, 0, 0, 0, 0, 0, false);
  private List<String> settledStamp = List.of();

  public LiveHost(
      Observed observed,
      Outlet outlet,
      Timing timing,
      Watching watching,
      PackagesListener packages) {
    this(observed, outlet, timing, watching, packages, ScanPolicy.UNBOUNDED);
  }

  /** Likewise, with scans that keep to a policy. */
  public LiveHost(
      Observed observed,
      Outlet outlet,
      Timing timing,
      Watching watching,
      PackagesListener packages,
      ScanPolicy policy) {
    this(observed, outlet, timing, watching, packages, policy, Worker::thread);
  }

  /**
   * Likewise, on threads of another kind.
   *
   * @param threads gives one by its name
   */
  public LiveHost(
      Observed observed,
      Outlet outlet,
      Timing timing,
      Watching watching,
      PackagesListener packages,
      ScanPolicy policy,
      Function<String, ScheduledExecutorService> threads) {
    this.core = new Worker(threads.apply("patina-core"), this::fail);
    this.scanning = new Worker(threads.apply("patina-scan"), this::fail);
    this.reading = new Worker(threads.apply("patina-facets"), this::fail);
    this.policy = policy;
    this.observed = observed;
    this.outlet = outlet;
    this.timing = timing;
    this.watching = watching;
    this.packages = packages;
    this.activity = new PackageActivity(Path.of(observed.root().path()), Path.of("/proc"));
    this.scans =
        new FileScans(
            observed, watching, policy, outlet.installation().id(), timing, jitter.split());
    this.mounts = new MountChanges(observed.mounts());
    this.facets = new FacetSchedule(observed.readers(), watching, reading, this::found);
    this.pending =
        new Pending(
            observed.scope(), outlet.clock(), this::wake, this::rescanSoon, this::mountsMoved);
    this.files =
        new FilePass(
            observed.scope(),
            scans,
            watching,
            pending,
            () -> rescanSoon("hard-links", timing.coalesce().multipliedBy(HARD_LINKS)));
  }

  /** Completes exceptionally if something failed that was not foreseen. */
  public CompletableFuture<Void> failure() {
    return failure;
  }

  /**
   * Scans everything, spools the snapshot, and begins to follow what changes. Returns when the
   * snapshot is spooled.
   */
  public void start() throws IOException {
    watching.start(pending);
    Manifest first = firstScan();
    LOG.info(
        "event=scanned facts={} seconds={} watches={}",
        first.size(),
        String.format("%.1f", scans.seconds()),
        watching.watched());
    Reporting opened =
        Reporting.open(
            outlet.installation(),
            first,
            outlet.spool(),
            outlet.reference(),
            outlet.clock(),
            outlet.host(),
            conditions(),
            new SecureRandom());
    reporting = opened;
    opened.announce(AnnouncementKind.STARTED, "collector " + outlet.host().getCollectorVersion());
    figures = opened.figures();
    schedule();
  }

  private Manifest firstScan() throws IOException {
    Digest scope = observed.scope().digest();
    ManifestBuilder builder = ManifestBuilder.packed(scope, policy.scratch());
    long began = outlet.clock().micros();
    observed.readers().forEach(r -> lastSeen.at(r.facet(), began));
    lastSeen.at(Facet.FILE, began);
    if (observed.scope().observes(Facet.FILE)) {
      Optional<Manifest> last =
          policy.versions().isPresent() ? outlet.reference().last(scope) : Optional.empty();
      scans.first(timing.scanThreads(), last, outlet.clock().micros(), builder);
    }
    // The order of a manifest: facets by name; "file" comes before all that are read here.
    observed.readers().stream()
        .sorted(Comparator.comparing(r -> r.facet().wireName()))
        .forEach(r -> r.read().forEach(builder::add));
    return builder.build();
  }

  private void schedule() {
    wake();
    repeat(phases.first(timing.heartbeat()), timing.heartbeat(), this::heartbeat);
    repeat(phases.first(timing.snapshot()), timing.snapshot(), this::snapshot);
    core.every(SETTLE_POLL, this::settleSpool);
    facets.start();
    reading.every(PACKAGE_POLL, this::watchPackages);
    scanning.run(LiveHost::standBack);
    scanning.after(nextScan(), this::plannedScan);
  }

  /** For the thread that scans from now on: nobody is to notice it. */
  private static void standBack() {
    int nice = Politeness.nice(NICE);
    int io = Politeness.idleIo();
    if (nice < 0 || io < 0) {
      LOG.info("event=not-polite nice-errno={} io-errno={}", Math.min(0, -nice), -io);
    }
  }

  /** Again and again, each time up to a tenth early, so that hosts do not march in step. */
  private void repeat(Duration first, Duration interval, Runnable task) {
    core.after(
        first,
        () -> {
          task.run();
          repeat(phases.next(interval), interval, task);
        });
  }

  private void fail(Throwable cause) {
    // Whoever ends a scan is not surprised that it ended.
    if (!ending && failure.completeExceptionally(cause)) {
      LOG.error("event=failed", cause);
    }
  }

  private Reporting reporting() {
    Reporting opened = reporting;
    if (opened == null) {
      throw new IllegalStateException("not started");
    }
    return opened;
  }

  // What notices ask for.

  private void wake() {
    // Before the first snapshot there is nothing that a delta could continue.
    if (reporting != null && !ending && flushing.compareAndSet(false, true)) {
      core.after(timing.coalesce(), this::flush);
    }
  }

  private void flush() {
    flushing.set(false);
    report(files.look(pending.take(), reporting().state()));
    if (!pending.isEmpty()) {
      wake();
    }
  }

  private void report(List<Finding> findings) {
    if (!findings.isEmpty()) {
      report(findings, activity.inProgress());
    }
  }

  private void report(List<Finding> findings, boolean transaction) {
    if (!findings.isEmpty()) {
      reporting().apply(findings, transaction);
      figures = reporting().figures();
    }
  }

  private void heartbeat() {
    // What has been noticed already must not be missing from what is said to be so still.
    report(files.look(pending.take(), reporting().state()));
    reporting().heartbeat((int) Math.max(1, timing.heartbeat().toSeconds()));
    figures = reporting().figures();
  }

  private void snapshot() {
    reporting().snapshot();
    figures = reporting().figures();
  }

  private void settleSpool() {
    if (!reporting().settle()) {
      LOG.warn("event=spool-owing");
    }
    figures = reporting().figures();
  }

  // Scans.

  private Duration nextScan() {
    return phases.next(watching.isComplete() ? timing.rescan() : timing.poll());
  }

  private void plannedScan() {
    rescan();
    scanning.after(nextScan(), this::plannedScan);
  }

  private void rescanSoon(String reason) {
    rescanSoon(reason, Duration.ofMillis(100));
  }

  private void rescanSoon(String reason, Duration delay) {
    long at = System.nanoTime() + delay.toNanos();
    long before = rescanWanted.getAndUpdate(w -> Math.min(w, at));
    if (!ending && at < before) {
      LOG.info("event=rescan reason={}", reason);
      scanning.after(
          delay,
          () -> {
            // One that was wanted sooner has done it, for this one too.
            if (rescanWanted.getAndSet(Long.MAX_VALUE) != Long.MAX_VALUE) {
              rescan();
            }
          });
    }
  }

  private void rescan() {
    if (!observed.scope().observes(Facet.FILE) || reporting == null) {
      return;
    }
    long began = outlet.clock().micros();
    CompletableFuture<KnownFacts> known = new CompletableFuture<>();
    core.run(
        () -> {
          // From here on what is touched is newer than what the scan compares with.
          pending.record();
          scans.versions().scanBegins();
          known.complete(reporting().state().frozen());
        });
    scans.again(known.join(), began, this::compare);
    core.run(
        () -> {
          pending.recordNoMore();
          lastSeen.at(Facet.FILE, began);
        });
    LOG.info(
        "event=rescanned seconds={} held-up-seconds={}",
        String.format("%.1f", scans.seconds()),
        String.format("%.1f", scans.heldUpSeconds()));
    giveBack();
  }

  private void compare(List<Difference.Seen> seen) {
    CompletableFuture<Void> compared = new CompletableFuture<>();
    core.run(
        () -> {
          try {
            report(files.scanned(seen, reporting().state(), pending.recorded()));
          } finally {
            compared.complete(null);
          }
        });
    // One batch in memory at a time.
    compared.join();
  }

  // Other facets.

  private void found(Facet facet, List<Entry> entries, long nanos) {
    long began = outlet.clock().micros() - nanos / 1000;
    core.run(
        () -> {
          // Before the first snapshot there is nothing to compare with; it states what it reads.
          if (reporting != null) {
            compare(facet, entries, activity.inProgress());
            lastSeen.at(facet, began);
          }
        });
  }

  private void compare(Facet facet, List<Entry> entries, boolean transaction) {
    List<Finding> findings = FacetPass.compare(facet, entries, reporting().state());
    report(findings, transaction);
    if (facet == Facet.MOUNT && !findings.isEmpty()) {
      rescanSoon("mounts-changed");
    }
  }

  /** The table is read when it has come to rest; meanwhile much may have come and gone. */
  private void mountsMoved() {
    if (mountsMoving.compareAndSet(false, true)) {
      reading.after(MOUNT_REST, this::readMounts);
    }
  }

  private void readMounts() {
    if (reporting == null) {
      // The first scan is under way, by the table as it was when that began.
      mountsMovedEarly = true;
      reading.after(MOUNT_REST, this::readMounts);
      return;
    }
    mountsMoving.set(false);
    if (mountsMovedEarly) {
      mountsMovedEarly = false;
      rescanSoon("mounts-changed");
    }
    if (!mounts.haveChanged()) {
      // What was looked at meanwhile was looked at through a mount that is no more.
      rescanSoon("mounts-came-and-went", timing.poll());
    }
    facets.moved(Facet.MOUNT);
  }

  private void watchPackages() {
    long looked = outlet.clock().micros();
    if (activity.inProgress() || activity.stamp().equals(settledStamp)) {
      if (!activity.inProgress()) {
        lastSeen.at(Facet.PACKAGE, looked);
      }
      return;
    }
    boolean transaction = !settledStamp.isEmpty();
    settledStamp = activity.stamp();
    // Whatever else the packages brought (units, a release) belongs to the same transaction, and
    // the baseline is made from it.
    for (FacetReader r : observed.readers()) {
      List<Entry> entries = r.read();
      core.run(() -> compare(r.facet(), entries, transaction));
    }
    CompletableFuture<Manifest> facts = new CompletableFuture<>();
    core.run(
        () -> {
          // What the transaction touched last is reported before the baseline that allows it.
          report(files.look(pending.take(), reporting().state()), transaction);
          facts.complete(reporting().state().manifest());
        });
    packages.settled(facts.join(), this::publish);
    LOG.info("event=packages-settled transaction={}", transaction);
    giveBack();
  }

  /**
   * Lets the heap shrink to what is kept, a third of what a first scan or a baseline took. The
   * collector stands still for a tenth of a second; notices wait in the kernel's queue.
   */
  private static void giveBack() {
    System.gc();
  }

  private boolean publish(Outgoing baseline) {
    CompletableFuture<Boolean> kept = new CompletableFuture<>();
    core.run(() -> kept.complete(reporting().publish(baseline)));
    return kept.join();
  }

  private Conditions conditions() {
    return new Conditions() {
      @Override
      public long lastFullCompareMicros() {
        return scans.lastFullCompareMicros();
      }

      @Override
      public long seenMicros() {
        return lastSeen.earliest(watching.isComplete(), outlet.clock().micros());
      }

      @Override
      public String watching() {
        return watching.isComplete() ? watching.name() : "polling";
      }

      @Override
      public long overflows() {
        return watching.overflows();
      }
    };
  }

  /** Figures for metrics; any thread. */
  public Status status() {
    return new Status(
        figures,
        conditions().watching(),
        watching.watched(),
        watching.events(),
        watching.overflows(),
        scans.count(),
        scans.seconds(),
        scans.heldUpSeconds(),
        scans.lastFullCompareMicros(),
        scans.progress().bytes());
  }

  /** Reads everything again, every byte, soon: what a person asks for who does not want to wait. */
  public void readAgain() {
    scans.readEveryByte();
    rescanSoon("asked");
    facets.moveAll();
  }

  /** Beats as long as this is alive, from before the first scan on. */
  public void beat(Pulse pulse) {
    pulse.follow(scans.progress()::entries);
    core.every(BEAT, pulse::beat);
  }

  /** Reports what is still pending, announces the end, and stops. */
  public void stop(AnnouncementKind kind, String detail) throws InterruptedException {
    watching.close();
    facets.stop();
    CompletableFuture<Void> last = new CompletableFuture<>();
    core.run(
        () -> {
          try {
            if (reporting != null) {
              report(files.look(pending.take(), reporting().state()));
              reporting().announce(kind, detail);
            }
          } finally {
            last.complete(null);
          }
        });
    last.join();
    ending = true;
    scans.cancel();
    for (Worker worker : List.of(core, scanning, reading)) {
      if (!worker.stop()) {
        LOG.info("event=thread-still-busy");
      }
    }
    scans.save();
  }
}
