package io.patina.collector.reports;

import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.spool.Outgoing;
import io.patina.collector.spool.Spool;
import io.patina.manifest.Manifest;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.Change;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.Delta;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of the host and the reports that carry it away. Used by one thread; {@link #figures} by
 * any.
 *
 * <p>If the spool is full, what is in it is dropped and replaced by one snapshot: the state
 * arrives, the steps in between do not, and that is counted. If the disk refuses, reports are owed:
 * the next one that can be kept is a snapshot.
 */
public final class Reporting {
  private static final Logger LOG = LoggerFactory.getLogger(Reporting.class);

  /** Bytes of changes in one delta: its frame holds them even if nothing can be compressed. */
  private static final int DELTA_BYTES = SnapshotParts.PART_BYTES;

  /** At most what tag and length of a change take. */
  private static final int FRAME_BYTES = 8;

  private final Series series;
  private final HostState state;
  private final Spool spool;
  private final Reference reference;
  private final HostClock clock;
  private final HostIdentity host;
  private final Conditions conditions;
  private volatile Figures figures = Figures.NONE;
  private boolean owing;
  private long snapshots;
  private long deltas;
  private long changes;
  private long heartbeats;
  private long lost;

  private Reporting(
      Series series,
      HostState state,
      Spool spool,
      Reference reference,
      HostClock clock,
      HostIdentity host,
      Conditions conditions) {
    this.series = series;
    this.state = state;
    this.spool = spool;
    this.reference = reference;
    this.clock = clock;
    this.host = host;
    this.conditions = conditions;
  }

  /** Opens an incarnation: spools the snapshot that every later report builds upon. */
  public static Reporting open(
      Installation installation,
      Manifest observed,
      Spool spool,
      Reference reference,
      HostClock clock,
      HostIdentity host,
      Conditions conditions,
      SecureRandom random)
      throws IOException {
    Reporting reporting =
        new Reporting(
            new Series(installation, observed.scope(), random),
            new HostState(observed),
            spool,
            reference,
            clock,
            host,
            conditions);
    reporting.opening(observed);
    return reporting;
  }

  private void opening(Manifest observed) throws IOException {
    Optional<Manifest> held = reference.load(observed.scope(), now());
    Optional<Manifest> embedded = reference.embedded(observed);
    Optional<Manifest> from = embedded.isPresent() ? embedded : held;
    if (from.isEmpty()) {
      state(observed, embedded);
      return;
    }
    int parts = stated(observed, from, new Kept());
    if (parts > 0) {
      told(parts, "reference", from.get());
      if (embedded.isPresent()) {
        keep(() -> reference.keepHere(observed));
      }
      publishFigures();
    } else {
      state(observed, Optional.empty());
    }
  }

  private void told(int parts, String what, Manifest manifest) throws IOException {
    snapshots++;
    spool.told();
    LOG.info(
        "event=snapshot sequence={} facts={} parts={} {}={}",
        series.sequence(),
        state.size(),
        parts,
        what,
        manifest.digest());
  }

  /** Spools part after part; remembers why one was not kept. */
  private final class Kept implements Predicate<Report> {
    private Spool.Appending answer = new Spool.Appending.Kept(0);

    @Override
    public boolean test(Report part) {
      answer = keep(List.of(part));
      return answer instanceof Spool.Appending.Kept;
    }
  }

  /** What the engine will know once everything spooled has arrived. Read it, do not change it. */
  public HostState state() {
    return state;
  }

  /** The name of this start, 16 bytes. */
  public com.google.protobuf.ByteString incarnation() {
    return series.incarnation();
  }

  public Figures figures() {
    return figures;
  }

  /**
   * Takes findings over, in order, and spools a delta of those that are news.
   *
   * @param transaction whether a package transaction was in progress when they were noticed
   * @return how many were news
   */
  public int apply(List<Finding> findings, boolean transaction) {
    List<Report> reports = new ArrayList<>();
    Delta.Builder delta = Delta.newBuilder();
    int bytes = 0;
    int news = 0;
    for (Finding f : findings) {
      Change change = wire(f);
      int size = change.getSerializedSize() + FRAME_BYTES;
      if (bytes + size > DELTA_BYTES && delta.getChangesCount() > 0) {
        // Before the state moves on: the fingerprint belongs to what this delta says.
        reports.add(finish(delta, transaction));
        delta = Delta.newBuilder();
        bytes = 0;
      }
      if (state.apply(f)) {
        delta.addChanges(change);
        bytes += size;
        news++;
      }
    }
    if (delta.getChangesCount() > 0) {
      reports.add(finish(delta, transaction));
    }
    if (!reports.isEmpty() && spooled(reports)) {
      deltas += reports.size();
      changes += news;
      LOG.info(
          "event=delta sequence={} changes={} transaction={} noticed-to-spooled-ms={}",
          series.sequence(),
          news,
          transaction,
          delay(findings));
    }
    publishFigures();
    return news;
  }

  private long delay(List<Finding> findings) {
    long first =
        findings.stream().mapToLong(Finding::noticedMicros).filter(n -> n > 0).min().orElse(0);
    return first == 0 ? 0 : (clock.micros() - first) / 1000;
  }

  private Report finish(Delta.Builder delta, boolean transaction) {
    return series.next(
        ReportKind.DELTA,
        delta
            .setMoment(clock.now())
            .setFingerprint(state.fingerprint().bytes())
            .setCoverage(coverage())
            .setPackageTransaction(transaction)
            .build());
  }

  private static Change wire(Finding finding) {
    Change.Builder change = Change.newBuilder().setNoticedMicros(finding.noticedMicros());
    if (finding.writer().isKnown()) {
      change.setWriter(Writers.wire(finding.writer()));
    }
    return switch (finding) {
      case Finding.Is is -> change.setPut(is.entry().canonical()).build();
      case Finding.IsAbsent absent -> change.setAbsent(SnapshotParts.wire(absent.key())).build();
    };
  }

  /** "Still fingerprint F." */
  public void heartbeat(int intervalSeconds) {
    Heartbeat content =
        Heartbeat.newBuilder()
            .setMoment(clock.now())
            .setFingerprint(state.fingerprint().bytes())
            .setCoverage(coverage())
            .setIntervalSeconds(intervalSeconds)
            .build();
    if (spooled(List.of(series.next(ReportKind.HEARTBEAT, content)))) {
      heartbeats++;
    }
    publishFigures();
  }

  /** Start, shutdown, reboot, retirement. */
  public void announce(AnnouncementKind kind, String detail) {
    Announcement content =
        Announcement.newBuilder().setMoment(clock.now()).setKind(kind).setDetail(detail).build();
    if (spooled(List.of(series.next(ReportKind.ANNOUNCEMENT, content)))) {
      LOG.info("event=announced kind={} sequence={}", kind, series.sequence());
    }
    publishFigures();
  }

  /**
   * States everything anew: as the difference from the image's own baseline if there is one, else
   * without a reference.
   */
  public void snapshot() {
    owing = true;
    settle();
    publishFigures();
  }

  private void state(Manifest observed, Optional<Manifest> from) {
    owing = true;
    settle(observed, from);
    publishFigures();
  }

  /** Spools a baseline, in order with the reports; false if it could not be kept. */
  public boolean publish(Outgoing baseline) {
    return switch (spool.append(List.of(baseline))) {
      case Spool.Appending.Kept k -> true;
      case Spool.Appending.Full f -> {
        collapse(0, f.bound());
        yield spool.append(List.of(baseline)) instanceof Spool.Appending.Kept;
      }
      case Spool.Appending.Failed f -> {
        LOG.warn("event=spool-failed reason=\"{}\"", f.cause().toString());
        yield false;
      }
    };
  }

  /** Spools the snapshot that is owed, if one is; answers whether nothing is owed now. */
  public boolean settle() {
    if (!owing) {
      return true;
    }
    Manifest manifest = state.manifest();
    return settle(manifest, reference.embedded(manifest));
  }

  /**
   * @param from what the snapshot states the difference from; empty for a self-contained one
   */
  private boolean settle(Manifest manifest, Optional<Manifest> from) {
    try {
      reference.forget();
      Kept kept = new Kept();
      int parts = stated(manifest, from, kept);
      if (kept.answer instanceof Spool.Appending.Full full) {
        List<Outgoing> baselines = drop(0, full.bound());
        kept = new Kept();
        parts = stated(manifest, from, kept);
        baselines.forEach(b -> spool.append(List.of(b)));
      }
      if (kept.answer instanceof Spool.Appending.Failed failed) {
        throw failed.cause();
      }
      // A spool that is too small even for one snapshot: what of it was kept helps nobody.
      if (parts == 0) {
        throw new IOException("spool.max-bytes cannot hold one snapshot; raise it");
      }
      owing = false;
      told(parts, from.isPresent() ? "reference" : "manifest", from.orElse(manifest));
      // Without it the next start sends or reads everything again: more bytes, nothing lost.
      keep(
          from.isPresent()
              ? () -> reference.keepHere(manifest)
              : () -> reference.keep(manifest, now()));
    } catch (IOException e) {
      LOG.warn("event=spool-failed owing=snapshot reason=\"{}\"", e.toString());
    }
    return !owing;
  }

  private int stated(Manifest manifest, Optional<Manifest> from, Kept kept) {
    return from.isPresent()
        ? SnapshotParts.difference(
            from.get(), manifest, state.fingerprint(), completion(), series, clock, host, kept)
        : SnapshotParts.complete(
            manifest, state.fingerprint(), completion(), series, clock, host, kept);
  }

  private SnapshotParts.Completion completion() {
    return new SnapshotParts.Completion(coverage(), spool.untold());
  }

  @FunctionalInterface
  private interface Keeping {
    void keep() throws IOException;
  }

  private static void keep(Keeping what) {
    try {
      what.keep();
    } catch (IOException e) {
      LOG.warn("event=reference-not-kept reason=\"{}\"", e.toString());
    }
  }

  /** Whether the reports are in the spool as they are; if not, a snapshot stands or will stand. */
  private boolean spooled(List<Report> reports) {
    if (owing) {
      lost += reports.size();
      spool.lose(reports.size());
      settle();
      return false;
    }
    return switch (keep(reports)) {
      case Spool.Appending.Kept k -> true;
      case Spool.Appending.Full f -> {
        collapse(reports.size(), f.bound());
        yield false;
      }
      case Spool.Appending.Failed f -> {
        owe(reports.size(), f.cause());
        yield false;
      }
    };
  }

  private Spool.Appending keep(List<Report> reports) {
    return spool.append(
        reports.stream()
            .map(
                r ->
                    new Outgoing(
                        Outgoing.Destination.REPORTS, r.getInstallation(), r.toByteString()))
            .toList());
  }

  private void owe(int reports, IOException cause) {
    lost += reports;
    spool.lose(reports);
    owing = true;
    LOG.warn("event=spool-failed lost={} reason=\"{}\"", reports, cause.toString());
  }

  private void collapse(int reports, String bound) {
    try {
      List<Outgoing> baselines = drop(reports, bound);
      owing = true;
      settle();
      baselines.forEach(b -> spool.append(List.of(b)));
    } catch (IOException e) {
      owe(reports, e);
    }
  }

  private List<Outgoing> drop(int reports, String bound) throws IOException {
    Spool.Dropped dropped = spool.clear(reports);
    lost += dropped.reports() + reports;
    LOG.warn(
        "event=spool-collapsed dropped={} lost={} bound={}: Kafka has been away for longer than"
            + " that can bridge; a snapshot follows",
        dropped.reports() + reports,
        lost,
        bound);
    return dropped.baselines();
  }

  private Coverage coverage() {
    return Coverage.newBuilder()
        .setFacts(state.size())
        .setGaps(state.gaps())
        .setLastFullCompareMicros(conditions.lastFullCompareMicros())
        .setLost(lost + conditions.overflows())
        .setWatching(conditions.watching())
        .setSeenMicros(conditions.seenMicros())
        .build();
  }

  private Instant now() {
    return Instant.EPOCH.plus(clock.micros(), java.time.temporal.ChronoUnit.MICROS);
  }

  private void publishFigures() {
    figures =
        new Figures(
            state.size(), state.gaps(), snapshots, deltas, changes, heartbeats, lost, owing);
  }
}
