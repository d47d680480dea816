package io.patina.endtoend.reports;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.signing.SigningKey;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.Change;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.Delta;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Key;
import io.patina.wire.v1.Moment;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import io.patina.wire.v1.Snapshot;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** One installation that exists only as its reports. Not thread-safe. */
public final class SimulatedInstallation {

  private final String hostname;
  private final Digest scope;
  private final ByteString id;
  private final SigningKey key;
  private final Random random;
  private final ByteString bootId;
  private final TreeMap<FactKey, Entry> facts = new TreeMap<>();
  private LtHash16 hash = new LtHash16();
  private ByteString incarnation;
  private long sequence;
  private long clockMicros = 1_790_000_000_000_000L;

  /** An installation in the state of this manifest; the seed decides its id and its key. */
  public SimulatedInstallation(String hostname, Manifest manifest, long seed) {
    this.hostname = hostname;
    this.scope = manifest.scope();
    this.random = new Random(seed);
    this.id = bytes(16);
    this.key = SigningKey.ofSeed(bytes(32));
    this.bootId = bytes(16);
    this.incarnation = bytes(16);
    become(manifest);
  }

  /** A second machine with the id, the key and the state of this one, as copying its disk gives. */
  public SimulatedInstallation clone(long seed) {
    return new SimulatedInstallation(this, seed);
  }

  private SimulatedInstallation(SimulatedInstallation origin, long seed) {
    this.hostname = origin.hostname;
    this.scope = origin.scope;
    this.random = new Random(seed);
    this.id = origin.id;
    this.key = origin.key;
    this.bootId = bytes(16);
    this.incarnation = bytes(16);
    this.facts.putAll(origin.facts);
    this.hash = origin.hash.copy();
  }

  private void become(Manifest manifest) {
    facts.clear();
    hash = manifest.hash();
    manifest.forEach(e -> facts.put(e.key(), e));
  }

  /** 16 bytes: the key of its records. */
  public ByteString id() {
    return id;
  }

  public String hex() {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  public String hostname() {
    return hostname;
  }

  public SigningKey key() {
    return key;
  }

  public Manifest manifest() {
    return Manifest.of(scope, facts.values());
  }

  public Optional<Entry> fact(FactKey factKey) {
    return Optional.ofNullable(facts.get(factKey));
  }

  /** Starts the collector anew: another incarnation, which its next snapshot opens. */
  public void restart() {
    incarnation = bytes(16);
    sequence = 0;
  }

  /** A snapshot in one part: self-contained, or as the difference from a reference. */
  public Report snapshot(Optional<Manifest> reference) {
    Manifest now = manifest();
    Snapshot.Builder snapshot =
        Snapshot.newBuilder()
            .setMoment(moment())
            .setHost(
                HostIdentity.newBuilder().setHostname(hostname).setCollectorVersion("simulated"))
            .setFingerprint(hash.fingerprint().bytes())
            .setManifest(now.digest().bytes())
            .setCoverage(coverage());
    if (reference.isEmpty()) {
      snapshot.setEntries(now.canonical());
    } else {
      difference(reference.get(), now, snapshot);
    }
    Report.Builder report = report(ReportKind.SNAPSHOT, snapshot.build()).setPart(1).setLast(true);
    reference.ifPresent(r -> report.setReference(r.digest().bytes()));
    return ReportSignature.sign(report, key);
  }

  private static void difference(Manifest from, Manifest to, Snapshot.Builder snapshot) {
    ByteString.Output puts = ByteString.newOutput();
    for (Entry e : to) {
      if (!from.find(e.key()).equals(Optional.of(e))) {
        frame(puts, e.canonical());
      }
    }
    for (Entry e : from) {
      if (to.find(e.key()).isEmpty()) {
        snapshot.addRemoved(wire(e.key()));
      }
    }
    snapshot.setEntries(puts.toByteString());
  }

  private static void frame(ByteString.Output out, ByteString content) {
    try {
      byte[] length = new byte[CodedOutputStream.computeUInt32SizeNoTag(content.size())];
      CodedOutputStream.newInstance(length).writeUInt32NoTag(content.size());
      out.write(length);
      content.writeTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  /** Makes these changes, key to new entry or nothing, and reports them. */
  public Report delta(Map<FactKey, Optional<Entry>> changes) {
    Delta.Builder delta = Delta.newBuilder().setMoment(moment()).setCoverage(coverage());
    new TreeMap<>(changes)
        .forEach(
            (factKey, entry) -> {
              change(factKey, entry);
              Change.Builder change = Change.newBuilder().setNoticedMicros(clockMicros);
              if (entry.isPresent()) {
                change.setPut(entry.get().canonical());
              } else {
                change.setAbsent(wire(factKey));
              }
              delta.addChanges(change);
            });
    return sign(ReportKind.DELTA, delta.setFingerprint(hash.fingerprint().bytes()).build());
  }

  private void change(FactKey factKey, Optional<Entry> entry) {
    Entry old = entry.isPresent() ? facts.put(factKey, entry.get()) : facts.remove(factKey);
    if (old != null) {
      hash.remove(old.canonical());
    }
    entry.ifPresent(e -> hash.add(e.canonical()));
  }

  /** Says that nothing changed. */
  public Report heartbeat() {
    return sign(
        ReportKind.HEARTBEAT,
        Heartbeat.newBuilder()
            .setMoment(moment())
            .setFingerprint(hash.fingerprint().bytes())
            .setCoverage(coverage())
            .setIntervalSeconds(300)
            .build());
  }

  public Report announcement(AnnouncementKind kind) {
    return sign(
        ReportKind.ANNOUNCEMENT,
        Announcement.newBuilder().setMoment(moment()).setKind(kind).build());
  }

  /** The next report with content of any kind, signed rightly. */
  Report sign(ReportKind kind, MessageLite content) {
    return ReportSignature.sign(report(kind, content), key);
  }

  /** The delta that a copy of this machine would send next: its number is used once more. */
  public Report rewound(Entry entry) {
    return signUncounted(
        ReportKind.DELTA,
        Delta.newBuilder()
            .setMoment(moment())
            .addChanges(Change.newBuilder().setPut(entry.canonical()))
            .setFingerprint(hash.fingerprint().bytes())
            .build());
  }

  /** A report with the next number that is not counted as sent: the one after it has it again. */
  Report signUncounted(ReportKind kind, MessageLite content) {
    Report report = sign(kind, content);
    sequence--;
    return report;
  }

  /** A heartbeat in an envelope version that nobody knows. */
  Report sign99() {
    Report.Builder report =
        report(ReportKind.HEARTBEAT, Heartbeat.getDefaultInstance()).setVersion(99);
    return ReportSignature.sign(report, key);
  }

  /** The next report, not signed yet. */
  Report.Builder report(ReportKind kind, MessageLite content) {
    sequence++;
    return Report.newBuilder()
        .setVersion(1)
        .setInstallation(id)
        .setIncarnation(incarnation)
        .setSequence(sequence)
        .setKind(kind)
        .setScope(scope.bytes())
        .setPayload(Payloads.pack(content.toByteString()));
  }

  private static Key wire(FactKey factKey) {
    return Key.newBuilder().setFacet(factKey.facet()).setKey(factKey.name()).build();
  }

  private Coverage coverage() {
    return Coverage.newBuilder().setFacts(facts.size()).setWatching("inotify").build();
  }

  /** The host's own clock; it need not be right, so it simply advances. */
  private Moment moment() {
    clockMicros += 1_000_000;
    return Moment.newBuilder()
        .setWallMicros(clockMicros)
        .setBoottimeMicros(clockMicros % 1_000_000_000_000L)
        .setBootId(bootId)
        .build();
  }

  private ByteString bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
