package io.patina.engine.reports;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.patina.engine.deviations.WrittenBy;
import io.patina.engine.reports.Content.KeyChange;
import io.patina.engine.reports.Decoded.Accepted;
import io.patina.engine.reports.Decoded.Refused;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.Change;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.Delta;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.Key;
import io.patina.wire.v1.Moment;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import io.patina.wire.v1.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * Decodes and verifies records that may be hostile. Total: whatever the bytes, there is an answer.
 * The answer follows from the bytes alone; safe for threads. The signature is checked before the
 * payload is unpacked.
 */
public final class ReportDecoder {

  /** Version of the envelope that is understood. */
  static final int VERSION = 1;

  /** Largest record looked at, in bytes. */
  static final int MAX_RECORD = Payloads.MAX_FRAME + 4096;

  private static final int MAX_INTERVAL_SECONDS = 86_400;

  private final int partitions;
  private final KnownPoints points = new KnownPoints();

  /**
   * @param partitions of the topic; a key belongs to one of them
   */
  public ReportDecoder(int partitions) {
    this.partitions = partitions;
  }

  /** What a record is. */
  public Decoded decode(Arrival arrival) {
    try {
      return envelope(arrival);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return refused(arrival, Refusal.MALFORMED, e);
    }
  }

  private Decoded envelope(Arrival arrival) throws InvalidProtocolBufferException {
    if (arrival.value().size() > MAX_RECORD) {
      return new Refused(arrival, Refusal.OVERSIZE, arrival.value().size() + " bytes");
    }
    Report report = Report.parseFrom(arrival.value());
    if (report.getVersion() != VERSION) {
      return new Refused(arrival, Refusal.UNKNOWN_VERSION, "version " + report.getVersion());
    }
    if (report.getPayload().size() > Payloads.MAX_FRAME) {
      return new Refused(arrival, Refusal.OVERSIZE, report.getPayload().size() + " bytes");
    }
    if (!report.getInstallation().equals(arrival.key())) {
      return new Refused(arrival, Refusal.KEY_MISMATCH, "the record's key is another");
    }
    UUID installation = uuid(report.getInstallation());
    int expected = BuiltInPartitioner.partitionForKey(arrival.key().toByteArray(), partitions);
    if (expected != arrival.part()) {
      return new Refused(arrival, Refusal.WRONG_PARTITION, "belongs to partition " + expected);
    }
    if (report.getSequence() < 1) {
      return new Refused(arrival, Refusal.MALFORMED, "sequence numbers begin at 1");
    }
    UUID incarnation = uuid(report.getIncarnation());
    if (!ReportSignature.verify(report, points.of(report.getPublicKey()))) {
      return new Refused(arrival, Refusal.BAD_SIGNATURE, "the signature does not fit");
    }
    return payload(arrival, installation, incarnation, report);
  }

  private static Decoded payload(
      Arrival arrival, UUID installation, UUID incarnation, Report report) {
    try {
      ByteString bytes = Payloads.unpack(report.getPayload());
      return switch (report.getKind()) {
        case SNAPSHOT -> {
          Snapshot m = Snapshot.parseFrom(bytes);
          yield accepted(
              arrival, installation, incarnation, report, snapshot(m, report), m.getMoment());
        }
        case DELTA -> {
          Delta m = Delta.parseFrom(bytes);
          yield accepted(arrival, installation, incarnation, report, delta(m), m.getMoment());
        }
        case HEARTBEAT -> {
          Heartbeat m = Heartbeat.parseFrom(bytes);
          yield accepted(arrival, installation, incarnation, report, heartbeat(m), m.getMoment());
        }
        case ANNOUNCEMENT -> {
          Announcement m = Announcement.parseFrom(bytes);
          yield accepted(
              arrival, installation, incarnation, report, new Content.Announced(m), m.getMoment());
        }
        case REPORT_KIND_UNSPECIFIED, UNRECOGNIZED ->
            new Refused(arrival, Refusal.UNKNOWN_KIND, "kind " + report.getKindValue());
      };
    } catch (IOException | IllegalArgumentException e) {
      return refused(arrival, Refusal.MALFORMED_PAYLOAD, e);
    }
  }

  private static Accepted accepted(
      Arrival arrival,
      UUID installation,
      UUID incarnation,
      Report report,
      Content content,
      Moment moment) {
    return new Accepted(
        arrival,
        installation,
        incarnation,
        report,
        content,
        micros(moment.getWallMicros()),
        hostTime(moment.getWallMicros(), arrival.at()));
  }

  private static Content snapshot(Snapshot m, Report report) throws IOException {
    if (report.getPart() < 1) {
      throw new IllegalArgumentException("parts of a snapshot begin at 1");
    }
    if (report.getLast()) {
      var unused = new Fingerprint(m.getFingerprint());
    }
    List<Entry> put = new ArrayList<>();
    if (!report.getReference().isEmpty()) {
      CodedInputStream in = m.getEntries().newCodedInput();
      while (!in.isAtEnd()) {
        put.add(Entry.decode(in.readBytes()));
      }
    }
    List<FactKey> removed = m.getRemovedList().stream().map(ReportDecoder::key).toList();
    return new Content.SnapshotPart(m, put, removed, report.getPayload());
  }

  private static Content delta(Delta m) {
    List<KeyChange> changes = new ArrayList<>();
    for (Change c : m.getChangesList()) {
      changes.add(
          switch (c.getChangeCase()) {
            case PUT -> {
              Entry entry = Entry.decode(c.getPut());
              yield new KeyChange(
                  entry.key(), KeyChange.How.PUT, Optional.of(entry), noticed(c), writer(c));
            }
            case ABSENT ->
                new KeyChange(
                    key(c.getAbsent()),
                    KeyChange.How.ABSENT,
                    Optional.empty(),
                    noticed(c),
                    writer(c));
            case UNSCOPED ->
                new KeyChange(
                    key(c.getUnscoped()),
                    KeyChange.How.UNSCOPED,
                    Optional.empty(),
                    noticed(c),
                    writer(c));
            case CHANGE_NOT_SET ->
                throw new IllegalArgumentException("a change that says nothing known here");
          });
    }
    return new Content.Changes(
        changes,
        new Fingerprint(m.getFingerprint()),
        coverage(m.hasCoverage(), m.getCoverage()),
        m.getPackageTransaction());
  }

  private static Content heartbeat(Heartbeat m) {
    int seconds = m.getIntervalSeconds();
    if (seconds < 1 || seconds > MAX_INTERVAL_SECONDS) {
      throw new IllegalArgumentException("an interval of " + seconds + " seconds");
    }
    return new Content.StillSo(
        new Fingerprint(m.getFingerprint()), coverage(m.hasCoverage(), m.getCoverage()), seconds);
  }

  private static Optional<Coverage> coverage(boolean has, Coverage coverage) {
    return has ? Optional.of(coverage) : Optional.empty();
  }

  private static FactKey key(Key key) {
    return new FactKey(key.getFacet(), key.getKey());
  }

  private static Optional<Instant> noticed(Change change) {
    return change.getNoticedMicros() <= 0
        ? Optional.empty()
        : Optional.of(micros(change.getNoticedMicros()));
  }

  private static Optional<WrittenBy> writer(Change change) {
    return change.hasWriter() ? Optional.of(WrittenBy.of(change.getWriter())) : Optional.empty();
  }

  /** A host's clock as evidence: it cannot have reported from the future. */
  public static Instant hostTime(long wallMicros, Instant appended) {
    Instant wall = micros(Math.max(0, wallMicros));
    return wall.isAfter(appended) ? appended : wall;
  }

  static Instant micros(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }

  private static UUID uuid(ByteString bytes) {
    if (bytes.size() != 16) {
      throw new IllegalArgumentException("an id has 16 bytes, not " + bytes.size());
    }
    ByteBuffer b = bytes.asReadOnlyByteBuffer();
    return new UUID(b.getLong(), b.getLong());
  }

  private static Refused refused(Arrival arrival, Refusal why, Exception e) {
    String text = Escaped.text(String.valueOf(e.getMessage()));
    return new Refused(arrival, why, text.length() > 500 ? text.substring(0, 500) : text);
  }

  /** Kinds in the order in which the enum has them, for figures. */
  public static String name(ReportKind kind) {
    return switch (kind) {
      case SNAPSHOT -> "snapshot";
      case DELTA -> "delta";
      case HEARTBEAT -> "heartbeat";
      case ANNOUNCEMENT -> "announcement";
      case REPORT_KIND_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }
}
