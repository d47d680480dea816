package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.engine.enrolment.Admission;
import io.patina.engine.enrolment.Admissions;
import io.patina.engine.enrolment.Knock;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.history.LostResolution;
import io.patina.engine.reports.Content;
import io.patina.engine.reports.Content.KeyChange;
import io.patina.engine.reports.Decoded;
import io.patina.engine.reports.Decoded.Accepted;
import io.patina.engine.reports.Machines;
import io.patina.engine.reports.Refusal;
import io.patina.engine.reports.ReportDecoder;
import io.patina.engine.reports.SnapshotAssembly;
import io.patina.engine.state.Barred;
import io.patina.engine.state.Contact;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Installation;
import io.patina.engine.state.InstallationTable;
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
import io.patina.facts.Escaped;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.signing.PublicKey;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import io.patina.wire.KeyHandovers;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.KeyHandover;
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

  /** Keys of an overlay that outlive a snapshot. */
  private static final int MOST_CARRIED = 1000;

  private final Admissions admissions;
  private final Identities identities;
  private final SnapshotAssembly assembly;
  private final Comparing comparing;
  private final ManifestCache manifests;
  private final int maxOverlay;

  public HostReports(
      Admissions admissions,
      Identities identities,
      SnapshotAssembly assembly,
      Comparing comparing,
      ManifestCache manifests,
      StateConfig config) {
    this.admissions = admissions;
    this.identities = identities;
    this.assembly = assembly;
    this.comparing = comparing;
    this.manifests = manifests;
    this.maxOverlay = config.maxOverlay();
  }

  /** The host of a report of an installation that nobody knows yet; empty if it is not let in. */
  Optional<Host> appear(Accepted report, SliceWork work) throws SQLException {
    Admission.Open open;
    switch (admissions.admit(work.connection(), knock(report))) {
      case Admission.Closed(String reason) -> {
        work.refuse(new Decoded.Refused(report.arrival(), Refusal.NOT_ENROLLED, reason));
        return Optional.empty();
      }
      case Admission.Open o -> open = o;
    }
    Instant at = report.arrival().at();
    Installation installation =
        new Installation(
            report.installation(),
            open.host().orElseGet(() -> EventIds.of("host", report.installation())),
            report.arrival().part(),
            report.report().getPublicKey(),
            at,
            open.pool(),
            open.labels(),
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
    installation.admittance(open.admittance());
    Host host = new Host(installation, true);
    work.create(host);
    if (open.host().isPresent()) {
      admissions.replaceOthers(work.connection(), installation.host(), installation.id(), at);
    }
    host.mustBeJudged();
    work.event(
        EventData.report(
            installation, report, Event.HOST_SEEN, "installation", installation.id().toString()));
    if (!open.admittance().by().isEmpty()) {
      work.event(
          EventData.report(
              installation,
              report,
              Event.INSTALLATION_ADMITTED,
              "by",
              Escaped.text(open.admittance().by())));
    }
    return Optional.of(host);
  }

  private static Knock knock(Accepted report) {
    Optional<HostIdentity> said =
        report.content() instanceof Content.SnapshotPart part && part.message().hasHost()
            ? Optional.of(part.message().getHost())
            : Optional.empty();
    return new Knock(
        report.installation(),
        report.report().getPublicKey(),
        report.arrival().at(),
        said.isPresent(),
        said.map(h -> Machines.shown(h.getHostname(), Machines.MOST_NAME)).orElse(""),
        said.filter(HostIdentity::hasEnrolment).map(HostIdentity::getEnrolment));
  }

  /** Whether reports of the installation under this key are taken; if not, why is told. */
  private boolean speaks(Host host, Accepted report, SliceWork work) throws SQLException {
    Installation i = host.installation();
    ByteString key = report.report().getPublicKey();
    if (!i.publicKey().equals(key) && !handedOver(i, key, report)) {
      String why =
          i.previousKey().filter(key::equals).isPresent()
              ? "signed by a key that has given way to another"
              : "signed by another key than before";
      work.refuse(new Decoded.Refused(report.arrival(), Refusal.FOREIGN_KEY, why));
      return false;
    }
    Optional<Barred> barred = i.barred();
    if (barred.isPresent()) {
      String why = barred.get().reason();
      admissions.refused(work.connection(), knock(report), why);
      Refusal refusal = i.isRevoked() ? Refusal.REVOKED : Refusal.REPLACED;
      work.refuse(new Decoded.Refused(report.arrival(), refusal, why));
      return false;
    }
    if (!i.publicKey().equals(key)) {
      i.handOver(key);
      InstallationTable.updateKey(work.connection(), i, report.arrival().at());
      work.event(EventData.report(i, report, Event.KEY_ROTATED, "key", new PublicKey(key).id()));
    }
    return true;
  }

  private static boolean handedOver(Installation i, ByteString key, Accepted report) {
    List<KeyHandover> shown =
        switch (report.content()) {
          case Content.SnapshotPart part -> part.message().getHost().getHandoversList();
          case Content.Announced last -> last.message().getHandoversList();
          case Content.StillSo nothing -> List.of();
          case Content.Changes nothing -> List.of();
        };
    return KeyHandovers.lead(report.report().getInstallation(), i.publicKey(), key, shown);
  }

  /** Applies a report; what is not acceptable becomes a dead letter. */
  void apply(Host host, Accepted report, SliceWork work) throws SQLException {
    Installation i = host.installation();
    if (!speaks(host, report, work)) {
      return;
    }
    if (!(report.content() instanceof Content.StillSo)) {
      // A heartbeat changes nothing that is compared: its host has its turn like all others, or
      // ten thousand of them would hold up the reports of all.
      comparing.follow(host, work);
    }
    Contact before = i.contact();
    Optional<Long> missing = identities.admit(host, report, work);
    if (missing.isEmpty()) {
      return;
    }
    work.touch(host);
    identities.comesBack(host, report, before, work);
    host.tookItsWay(report.way(), report.arrival().at());
    host.skewMillis().filter(i::isSkewedAnew).ifPresent(i::skewMillis);
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

  /**
   * Of what had changed since an older snapshot, that which still is as it had become; nothing if
   * that is much: a snapshot is to make the overlay small.
   */
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
    return same.size() > MOST_CARRIED ? Map.of() : same;
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
      if (!i.isRetired()) {
        // What a host still says while it is switched off does not make it one that is in service.
        i.announced(new Installation.Announced(what.get(), report.arrival().at()));
        if (i.isRetired()) {
          host.mustBeJudged();
          work.event(EventData.report(i, report, Event.HOST_RETIRED, "by", "its collector"));
        }
      }
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
