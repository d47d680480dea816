package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.history.LostResolution;
import io.patina.engine.ingest.Content.KeyChange;
import io.patina.engine.ingest.Decoded.Accepted;
import io.patina.engine.state.Contact;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Installation;
import io.patina.engine.state.Machine;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Observation;
import io.patina.engine.state.OverlayTable;
import io.patina.engine.state.OverlayValue;
import io.patina.engine.state.Since;
import io.patina.engine.state.SnapshotParts;
import io.patina.engine.state.Standing;
import io.patina.engine.state.StateConfig;
import io.patina.engine.state.Sync;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.Loss;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Applies one report to one host. */
@Singleton
public final class HostReports {

  /** Until a heartbeat says another. */
  private static final int INTERVAL_SECONDS = 300;

  private final InstallationKeys keys;
  private final Identities identities;
  private final SnapshotAssembly assembly;
  private final Comparing comparing;
  private final ManifestCache manifests;
  private final int maxOverlay;

  public HostReports(
      InstallationKeys keys,
      Identities identities,
      SnapshotAssembly assembly,
      Comparing comparing,
      ManifestCache manifests,
      StateConfig config) {
    this.keys = keys;
    this.identities = identities;
    this.assembly = assembly;
    this.comparing = comparing;
    this.manifests = manifests;
    this.maxOverlay = config.maxOverlay();
  }

  /** The host of a report of an installation that nobody knows yet; empty if it may not appear. */
  Optional<Host> appear(Accepted report, SliceWork work) throws SQLException {
    ByteString key = report.report().getPublicKey();
    if (!keys.admits(report.installation(), key)) {
      work.refuse(
          new Decoded.Refused(
              report.arrival(), Refusal.FOREIGN_KEY, "the installation is not admitted"));
      return Optional.empty();
    }
    Instant at = report.arrival().at();
    Installation installation =
        new Installation(
            report.installation(),
            EventIds.of("host", report.installation()),
            report.arrival().part(),
            key,
            at,
            "default",
            Map.of(),
            // One before: the report itself is then the next one, whatever its number.
            new Contact(
                at,
                report.reportedAt(),
                report.seenAt(),
                report.incarnation(),
                report.sequence() - 1,
                ByteString.EMPTY,
                INTERVAL_SECONDS),
            new Machine(
                report.report().getScope(), ByteString.EMPTY, "", Map.of(), "", ByteString.EMPTY),
            new Sync(Sync.Kind.NEW, at, ""),
            new Standing(Verdict.UNOBSERVED, 0, Recommendation.NONE, "", List.of(), at, 0, null));
    Host host = new Host(installation, true);
    work.create(host);
    host.mustBeJudged();
    work.event(
        EventData.report(
            installation, report, Event.HOST_SEEN, "installation", installation.id().toString()));
    return Optional.of(host);
  }

  /** Applies a report; what is not acceptable becomes a dead letter. */
  void apply(Host host, Accepted report, SliceWork work) throws SQLException {
    Installation i = host.installation();
    if (!keys.speaksFor(i, report.report().getPublicKey())) {
      work.refuse(
          new Decoded.Refused(
              report.arrival(), Refusal.FOREIGN_KEY, "signed by another key than before"));
      return;
    }
    comparing.follow(host, work);
    Contact before = i.contact();
    Optional<Long> missing = identities.admit(host, report, work);
    if (missing.isEmpty()) {
      return;
    }
    work.touch(host);
    host.tookItsWay(report.way());
    work.report(ReportDecoder.name(report.report().getKind()));
    if (i.isSilent()) {
      i.silent(false);
      host.mustBeJudged();
      work.event(
          EventData.report(i, report, Event.HEARD_AGAIN, "since", before.lastSeen().toString()));
    }
    if (missing.get() > 0) {
      outOfSync(host, report, missing.get() + " of its reports are missing", work);
    }
    switch (report.content()) {
      case Content.StillSo still -> stillSo(host, report, still, work);
      case Content.Changes changes -> changes(host, report, changes, before, work);
      case Content.SnapshotPart part -> snapshot(host, report, part, before, work);
      case Content.Announced announced -> announced(host, report, announced, work);
    }
  }

  private void stillSo(Host host, Accepted report, Content.StillSo still, SliceWork work) {
    Installation i = host.installation();
    Contact c = i.contact();
    i.contact(
        new Contact(
            c.lastSeen(),
            c.reportedAt(),
            c.seenAt(),
            c.incarnation(),
            c.sequence(),
            c.recent(),
            still.intervalSeconds()));
    still.coverage().ifPresent(coverage -> cover(i, coverage));
    prove(host, report, still.fingerprint(), work);
  }

  /** Whether what is reported is what is known, without anything having to change. */
  private void prove(Host host, Accepted report, Fingerprint reported, SliceWork work) {
    Installation i = host.installation();
    if (i.sync().kind() == Sync.Kind.NEW) {
      return;
    }
    if (reported.equals(i.observation().fingerprint())) {
      i.contact(i.contact().seen(report.seenAt()));
      inSync(host, report, work);
    } else {
      outOfSync(host, report, "the fingerprint it reports is not that of what is known", work);
    }
  }

  private void changes(
      Host host, Accepted report, Content.Changes delta, Contact before, SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    delta.coverage().ifPresent(coverage -> cover(i, coverage));
    Optional<Facts> known = host.facts(work.connection(), manifests);
    if (known.isEmpty()) {
      return;
    }
    Map<FactKey, OverlayValue> changed = new TreeMap<>();
    for (KeyChange change : delta.changes()) {
      changed.put(change.key(), value(change, since(change, report, before)));
    }
    Facts facts = known.get().with(changed);
    if (facts.overlay().size() > maxOverlay) {
      outOfSync(host, report, "it differs from its reference in too many entries", work);
      return;
    }
    // Proven by its result, a delta is right even after a gap; otherwise it leaves no trace.
    if (!facts.fingerprint().equals(delta.fingerprint())) {
      outOfSync(host, report, "its changes do not lead to the fingerprint it reports", work);
      return;
    }
    host.facts(facts);
    OverlayTable.put(work.connection(), i.id(), changed);
    Observation o = i.observation();
    Instant since = o.referenceSince();
    i.observation(
        o.proven(
            facts.reference().manifest().digest(),
            since == null ? i.firstSeen() : since,
            delta.fingerprint(),
            facts.overlay().size()));
    i.contact(i.contact().seen(report.seenAt()));
    inSync(host, report, work);
    comparing.changed(host, known.get(), facts, changed.keySet(), report, delta, work);
  }

  private static OverlayValue value(KeyChange change, Since since) {
    return switch (change.how()) {
      case PUT -> new OverlayValue.Put(change.entry().orElseThrow(), since);
      case ABSENT -> new OverlayValue.Removed(since);
      case UNSCOPED -> new OverlayValue.Unscoped(since);
    };
  }

  /** Exact if the host noticed it as it happened; otherwise between its last two reports. */
  private static Since since(KeyChange change, Accepted report, Contact before) {
    Instant appended = report.arrival().at();
    return change
        .noticed()
        .map(n -> Since.exactly(n.isAfter(appended) ? appended : n))
        .orElseGet(() -> between(before.seenAt(), report.reportedAt()));
  }

  private static Since between(Instant earliest, Instant latest) {
    return new Since(earliest.isAfter(latest) ? latest : earliest, latest);
  }

  private void snapshot(
      Host host, Accepted report, Content.SnapshotPart part, Contact before, SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    if (part.message().hasHost()) {
      i.machine(Machines.of(report.report(), part.message()));
      identities.counted(host, report, part.message().getHost().getStarts(), work);
    }
    if (part.message().hasCoverage()) {
      cover(i, part.message().getCoverage());
    }
    int number = report.report().getPart();
    if (number == 1) {
      SnapshotParts.clear(work.connection(), i.id());
    }
    if (!report.report().getLast()) {
      SnapshotParts.insert(
          work.connection(),
          i.id(),
          report.incarnation(),
          new SnapshotParts.Part(number, report.sequence(), part.payload()));
      return;
    }
    Optional<Facts> known = host.facts(work.connection(), manifests);
    Since since =
        known.isPresent()
            ? between(before.seenAt(), report.reportedAt())
            : new Since(null, report.reportedAt());
    if (part.message().hasLoss()) {
      lost(host, report, part.message().getLoss(), work);
    }
    switch (assembly.complete(work.connection(), report, part, since)) {
      case SnapshotAssembly.Result.Failed failed -> {
        if (failed.malformed()) {
          work.refuse(
              new Decoded.Refused(report.arrival(), Refusal.MALFORMED_PAYLOAD, failed.reason()));
        }
        outOfSync(host, report, failed.reason(), work);
      }
      case SnapshotAssembly.Result.Complete complete ->
          complete(host, report, complete, known, since, work);
    }
    SnapshotParts.clear(work.connection(), i.id());
  }

  private void complete(
      Host host,
      Accepted report,
      SnapshotAssembly.Result.Complete complete,
      Optional<Facts> known,
      Since since,
      SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    Facts facts = complete.facts();
    if (known.isPresent() && i.compared().baseline() == null) {
      // No deviation holds since when these are so: what holds it must outlive the snapshot.
      facts = facts.with(stillSo(known.get(), facts));
    }
    Observation o = i.observation();
    Instant before = o.referenceSince();
    boolean same = facts.reference().manifest().digest().equals(o.reference());
    host.facts(facts);
    OverlayTable.clear(work.connection(), i.id());
    OverlayTable.put(work.connection(), i.id(), facts.overlay());
    i.observation(
        o.proven(
            facts.reference().manifest().digest(),
            same && before != null ? before : report.reportedAt(),
            complete.fingerprint(),
            facts.overlay().size()));
    i.contact(i.contact().seen(report.seenAt()));
    inSync(host, report, work);
    work.event(
        EventData.report(
            i,
            report,
            Event.SNAPSHOT_TAKEN,
            "reference",
            facts.reference().manifest().digest().hex()));
    Facts now = facts;
    Function<FactKey, Since> factSince =
        key ->
            known
                .filter(k -> canonical(k, key).equals(canonical(now, key)))
                .map(k -> k.since(key))
                .orElse(since);
    comparing.snapshot(host, facts, report, factSince, known, work);
  }

  /** Of what had changed since an older snapshot, that which still is as it had become. */
  private static Map<FactKey, OverlayValue> stillSo(Facts known, Facts now) {
    Map<FactKey, OverlayValue> same = new TreeMap<>();
    known
        .overlay()
        .forEach(
            (key, value) -> {
              if (value instanceof OverlayValue.Put put
                  && now.observed(key)
                      .map(Entry::canonical)
                      .equals(Optional.of(put.entry().canonical()))
                  && !now.overlay().containsKey(key)) {
                same.put(key, put);
              }
            });
    return same;
  }

  /** Reports of it will never arrive: what happened meanwhile is known by its result only. */
  private static void lost(Host host, Accepted report, Loss loss, SliceWork work)
      throws SQLException {
    Installation i = host.installation();
    Instant from = ReportDecoder.hostTime(loss.getSinceMicros(), report.reportedAt());
    new LostResolution(
            i.id(),
            from,
            report.reportedAt(),
            Math.max(0, loss.getReports()),
            report.arrival().at())
        .insert(work.connection());
    work.event(
        EventData.lost(i, report, from, report.reportedAt(), Math.max(0, loss.getReports())));
  }

  private static Optional<ByteString> canonical(Facts facts, FactKey key) {
    return facts.observed(key).map(Entry::canonical);
  }

  private static void announced(
      Host host, Accepted report, Content.Announced announced, SliceWork work) {
    Installation i = host.installation();
    Optional<String> what =
        switch (announced.message().getKind()) {
          case STARTED -> Optional.of("started");
          case STOPPING -> Optional.of("stopping");
          case REBOOTING -> Optional.of("rebooting");
          case RETIRED -> Optional.of(Installation.Announced.RETIRED);
          // A word of a newer collector: it was heard, that is all.
          case ANNOUNCEMENT_KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    if (what.isPresent()) {
      i.announced(new Installation.Announced(what.get(), report.arrival().at()));
      work.event(EventData.report(i, report, Event.HOST_ANNOUNCED, "what", what.get()));
    }
  }

  private static void cover(Installation i, Coverage coverage) {
    i.observation(covered(i, coverage));
  }

  /** What is known of an installation with these figures of coverage. */
  static Observation covered(Installation i, Coverage coverage) {
    long full = coverage.getLastFullCompareMicros();
    return i.observation()
        .covering(
            Math.max(0, coverage.getFacts()),
            Math.max(0, coverage.getGaps()),
            full <= 0 ? null : ReportDecoder.hostTime(full, i.contact().lastSeen()),
            Math.max(0, coverage.getLost()),
            Machines.shown(coverage.getWatching(), 32));
  }

  private static void inSync(Host host, Accepted report, SliceWork work) {
    Installation i = host.installation();
    if (i.sync().kind() == Sync.Kind.PROVEN) {
      return;
    }
    if (i.sync().kind() == Sync.Kind.OUT_OF_SYNC) {
      work.event(
          EventData.report(
              i,
              report,
              Event.IN_SYNC,
              "outOfSyncFor",
              Duration.between(i.sync().since(), report.arrival().at()).toString()));
    }
    i.sync(new Sync(Sync.Kind.PROVEN, report.arrival().at(), ""));
    host.mustBeJudged();
  }

  private static void outOfSync(Host host, Accepted report, String reason, SliceWork work) {
    Installation i = host.installation();
    // Before the first snapshot there is nothing that it could be out of sync with.
    if (i.sync().kind() == Sync.Kind.PROVEN) {
      i.sync(new Sync(Sync.Kind.OUT_OF_SYNC, report.arrival().at(), reason));
      host.mustBeJudged();
      work.event(EventData.report(i, report, Event.OUT_OF_SYNC, "reason", reason));
    }
  }
}
