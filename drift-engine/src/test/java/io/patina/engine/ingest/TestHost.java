package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.signing.SigningKey;
import io.patina.wire.EnrolmentToken;
import io.patina.wire.KeyHandovers;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.Change;
import io.patina.wire.v1.Delta;
import io.patina.wire.v1.Enrolment;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Key;
import io.patina.wire.v1.Moment;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import io.patina.wire.v1.Snapshot;
import io.patina.wire.v1.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/** A collector that exists only as the reports it would send. */
final class TestHost {

  static final int PARTITIONS = 1;
  static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));

  private final Random random;
  private final ByteString id;
  private SigningKey key;
  private final TreeMap<FactKey, Entry> facts = new TreeMap<>();
  private final HostIdentity.Builder identity = HostIdentity.newBuilder().setHostname("test-host");
  private ByteString incarnation;
  private long sequence;
  private long clock = 1_795_000_000_000_000L;

  TestHost(long seed) {
    random = new Random(seed);
    id = bytes(16);
    key = SigningKey.ofSeed(bytes(32));
    incarnation = bytes(16);
  }

  ByteString id() {
    return id;
  }

  SigningKey key() {
    return key;
  }

  /** What it calls itself. */
  void called(String name) {
    identity.setHostname(name);
  }

  /** Shows from now on that it has a token. */
  void enrolsWith(EnrolmentToken token) {
    identity.setEnrolment(token.prove(id, key.publicKey()));
  }

  /** Shows from now on what another made of a token. */
  void shows(Enrolment enrolment) {
    identity.setEnrolment(enrolment);
  }

  Enrolment shown() {
    return identity.getEnrolment();
  }

  /** Starts anew with another key, to which its key has given way. */
  void rotate() {
    SigningKey next = SigningKey.ofSeed(bytes(32));
    identity.addHandovers(KeyHandovers.make(id, key, next));
    takes(next);
  }

  /** Starts anew with another key, and nothing to show for it. */
  void takes(SigningKey other) {
    key = other;
    restart();
  }

  Collection<Entry> facts() {
    return facts.values();
  }

  Manifest manifest() {
    return Manifest.of(SCOPE, facts.values());
  }

  static FactKey path(String path) {
    return FactKey.of(Facet.FILE, path);
  }

  static Entry file(String path, String target) {
    return Entry.of(
        path(path),
        new Attributes.Builder()
            .text(Attributes.TYPE, "link")
            .text(Attributes.TARGET, target)
            .build());
  }

  void have(Entry entry) {
    facts.put(entry.key(), entry);
  }

  /** What the host is from now on, without a report of it. */
  void put(FactKey key, java.util.Optional<Entry> now) {
    now.ifPresentOrElse(e -> facts.put(key, e), () -> facts.remove(key));
  }

  void restart() {
    incarnation = bytes(16);
    sequence = 0;
  }

  Report snapshot() {
    return sign(part(1, true, manifest().canonical()), ReportKind.SNAPSHOT, 1, true);
  }

  Snapshot part(int number, boolean last, ByteString entries) {
    Snapshot.Builder part = Snapshot.newBuilder().setMoment(moment()).setEntries(entries);
    if (number == 1) {
      part.setHost(identity);
    }
    if (last) {
      part.setFingerprint(fingerprint()).setManifest(manifest().digest().bytes());
    }
    return part.build();
  }

  Report heartbeat() {
    return sign(
        Heartbeat.newBuilder()
            .setMoment(moment())
            .setFingerprint(fingerprint())
            .setIntervalSeconds(300)
            .build(),
        ReportKind.HEARTBEAT,
        0,
        false);
  }

  /** Sets this host's own clock; the next report is made at this moment. */
  void clock(Instant at) {
    clock = ChronoUnit.MICROS.between(Instant.EPOCH, at) - 1_000_000;
  }

  Report announcement(AnnouncementKind kind) {
    return sign(
        Announcement.newBuilder()
            .setMoment(moment())
            .setKind(kind)
            .addAllHandovers(
                kind == AnnouncementKind.RETIRED ? identity.getHandoversList() : List.of())
            .build(),
        ReportKind.ANNOUNCEMENT,
        0,
        false);
  }

  Report delta(FactKey changed, @Nullable Entry now) {
    return delta(Map.of(changed, java.util.Optional.ofNullable(now)));
  }

  Report delta(Map<FactKey, java.util.Optional<Entry>> changes) {
    return delta(changes, false);
  }

  /**
   * @param transaction whether a package transaction was in progress
   */
  Report delta(Map<FactKey, java.util.Optional<Entry>> changes, boolean transaction) {
    return delta(changes, transaction, java.util.Optional.empty());
  }

  /**
   * @param transaction whether a package transaction was in progress
   * @param by who wrote
   */
  Report delta(
      Map<FactKey, java.util.Optional<Entry>> changes,
      boolean transaction,
      java.util.Optional<Writer> by) {
    Delta.Builder delta = Delta.newBuilder().setMoment(moment()).setPackageTransaction(transaction);
    new TreeMap<>(changes)
        .forEach(
            (k, now) -> {
              Change.Builder change = Change.newBuilder().setNoticedMicros(clock);
              by.ifPresent(change::setWriter);
              if (now.isPresent()) {
                facts.put(k, now.get());
                change.setPut(now.get().canonical());
              } else {
                facts.remove(k);
                change.setAbsent(Key.newBuilder().setFacet(k.facet()).setKey(k.name()));
              }
              delta.addChanges(change);
            });
    return sign(delta.setFingerprint(fingerprint()).build(), ReportKind.DELTA, 0, false);
  }

  Report sign(com.google.protobuf.MessageLite content, ReportKind kind, int part, boolean last) {
    sequence++;
    return ReportSignature.sign(
        Report.newBuilder()
            .setVersion(1)
            .setInstallation(id)
            .setIncarnation(incarnation)
            .setSequence(sequence)
            .setKind(kind)
            .setScope(SCOPE.bytes())
            .setPart(part)
            .setLast(last)
            .setPayload(Payloads.pack(content.toByteString())),
        key);
  }

  /** The report after which numbers go on as if it had not been made. */
  void forget() {
    sequence--;
  }

  int partition() {
    return BuiltInPartitioner.partitionForKey(id.toByteArray(), PARTITIONS);
  }

  private ByteString fingerprint() {
    LtHash16 hash = new LtHash16();
    facts.values().forEach(e -> hash.add(e.canonical()));
    return hash.fingerprint().bytes();
  }

  private Moment moment() {
    clock += 1_000_000;
    return Moment.newBuilder().setWallMicros(clock).setBoottimeMicros(clock % 1000).build();
  }

  private ByteString bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
