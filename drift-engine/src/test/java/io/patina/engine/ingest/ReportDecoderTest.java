package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.patina.engine.reports.Arrival;
import io.patina.engine.reports.Content;
import io.patina.engine.reports.Decoded;
import io.patina.engine.reports.Decoded.Accepted;
import io.patina.engine.reports.Decoded.Refused;
import io.patina.engine.reports.Refusal;
import io.patina.engine.reports.ReportDecoder;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Unrecognised;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.v1.Report;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportDecoderTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final TestHost host = new TestHost(1);
  private final ReportDecoder decoder = new ReportDecoder(TestHost.PARTITIONS);

  private Decoded decode(ByteString value) {
    return decoder.decode(new Arrival(0, 7, NOW, host.id(), value));
  }

  private void refused(Refusal why, Report report) {
    assertEquals(
        why, assertInstanceOf(Refused.class, decode(report.toByteString())).why(), why.wireName());
  }

  @Test
  void aRightReportIsAccepted() {
    var accepted = assertInstanceOf(Accepted.class, decode(host.heartbeat().toByteString()));
    assertInstanceOf(Content.StillSo.class, accepted.content());
  }

  @Test
  void whateverTheBytesThereIsAnAnswer() {
    Random random = new Random(20261122);
    ByteString good = host.delta(TestHost.path("/a"), TestHost.file("/a", "b")).toByteString();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.toByteArray();
      switch (i % 3) {
        case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
        default -> random.nextBytes(bytes);
      }
      Decoded decoded = decode(ByteString.copyFrom(bytes));
      if (!ByteString.copyFrom(bytes).equals(good)) {
        assertInstanceOf(Refused.class, decoded, () -> "accepted altered bytes");
      }
    }
  }

  @Test
  void anotherSignatureIsRefused() {
    Report report = host.heartbeat();
    byte[] signature = report.getSignature().toByteArray();
    signature[10] ^= 1;
    refused(
        Refusal.BAD_SIGNATURE,
        report.toBuilder().setSignature(ByteString.copyFrom(signature)).build());
    refused(Refusal.BAD_SIGNATURE, report.toBuilder().setSequence(99).build());
  }

  @Test
  void aKeyThatIsNotTheInstallationsIsRefused() {
    Report report = host.heartbeat();
    Decoded decoded =
        decoder.decode(new Arrival(0, 7, NOW, new TestHost(2).id(), report.toByteString()));
    assertEquals(Refusal.KEY_MISMATCH, assertInstanceOf(Refused.class, decoded).why());
  }

  @Test
  void aRecordInAnotherPartitionThanItsKeysIsRefused() {
    Report report = host.heartbeat();
    int right =
        org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(
            host.id().toByteArray(), 6);
    Decoded decoded =
        new ReportDecoder(6)
            .decode(new Arrival((right + 1) % 6, 7, NOW, host.id(), report.toByteString()));
    assertEquals(Refusal.WRONG_PARTITION, assertInstanceOf(Refused.class, decoded).why());
  }

  @Test
  void unknownVersionsAndKindsAreRefusedAsSuch() {
    refused(Refusal.UNKNOWN_VERSION, host.heartbeat().toBuilder().setVersion(2).build());
    refused(
        Refusal.UNKNOWN_KIND,
        ReportSignature.sign(host.heartbeat().toBuilder().setKindValue(99), host.key()));
  }

  @Test
  void aFrameThatUnpacksToTooMuchIsRefusedBeforeItIsUnpacked() {
    ByteString bomb = ByteString.copyFrom(Zstd.compress(new byte[Payloads.MAX_CONTENT + 1], 3));
    refused(
        Refusal.MALFORMED_PAYLOAD,
        ReportSignature.sign(host.heartbeat().toBuilder().setPayload(bomb), host.key()));
  }

  @Test
  void anUnknownFactKindIsKeptAsItIs() {
    FactKey key = new FactKey("interface", ByteString.copyFromUtf8("ioctl:1"));
    Entry entry = Entry.of(key, Attributes.value("yes"));
    var accepted = assertInstanceOf(Accepted.class, decode(host.delta(key, entry).toByteString()));
    var changes = assertInstanceOf(Content.Changes.class, accepted.content());
    Entry kept = changes.changes().getFirst().entry().orElseThrow();
    assertEquals(entry.canonical(), kept.canonical());
    assertInstanceOf(Unrecognised.class, kept.fact().orElseThrow());
  }

  @Test
  void aClockAheadOfTheBrokersCountsAsTheBrokers() {
    assertEquals(NOW, ReportDecoder.hostTime(Long.MAX_VALUE, NOW));
    assertEquals(Instant.EPOCH, ReportDecoder.hostTime(Long.MIN_VALUE, NOW));
  }
}
