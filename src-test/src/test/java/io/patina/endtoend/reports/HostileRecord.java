package io.patina.endtoend.reports;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.signing.SigningKey;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.v1.Change;
import io.patina.wire.v1.Delta;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A record that must end among the dead letters with its bytes untouched.
 *
 * @param name what is wrong with it
 */
public record HostileRecord(String name, ByteString key, ByteString value) {

  /** One of each kind, from strangers and in the name of a known installation. */
  public static List<HostileRecord> all(SimulatedInstallation known, long seed) {
    Random random = new Random(seed);
    List<HostileRecord> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] noise = new byte[1 + random.nextInt(2000)];
      random.nextBytes(noise);
      all.add(new HostileRecord("random bytes " + i, known.id(), ByteString.copyFrom(noise)));
    }
    all.add(new HostileRecord("empty value", known.id(), ByteString.EMPTY));

    SimulatedInstallation stranger =
        new SimulatedInstallation("stranger", known.manifest(), random.nextLong());
    Report good = stranger.snapshot(java.util.Optional.empty());
    ByteString bytes = good.toByteString();
    all.add(new HostileRecord("truncated", stranger.id(), bytes.substring(0, bytes.size() / 2)));
    all.add(
        new HostileRecord(
            "cut in its last byte", stranger.id(), bytes.substring(0, bytes.size() - 1)));
    all.add(new HostileRecord("key of three bytes", ByteString.copyFromUtf8("abc"), bytes));
    all.add(new HostileRecord("key of somebody else", flip(stranger.id(), 3), bytes));
    all.add(of("signature broken", flipSignature(good)));
    all.add(of("no signature", good.toBuilder().clearSignature().build()));
    all.add(of("no public key", good.toBuilder().clearPublicKey().build()));
    all.add(of("payload exchanged", exchanged(stranger)));
    all.add(of("sequence altered after signing", good.toBuilder().setSequence(7_000).build()));
    all.add(of("kind altered after signing", good.toBuilder().setKind(ReportKind.DELTA).build()));
    all.add(of("version of the future", stranger.sign99()));

    all.add(
        of("payload is no frame", signed(stranger, ByteString.copyFromUtf8("not zstd at all"))));
    all.add(of("payload of nothing", signed(stranger, ByteString.EMPTY)));
    all.add(of("bomb that declares 64 MiB", signed(stranger, bomb(64 << 20))));
    all.add(of("bomb that declares 1 GiB", signed(stranger, declaring(1L << 30))));
    all.add(of("bomb that declares less than it holds", signed(stranger, liar())));
    all.add(of("frame that declares nothing", signed(stranger, silentFrame())));
    byte[] large = new byte[Payloads.MAX_FRAME + 20_000];
    random.nextBytes(large);
    all.add(of("frame over the bound", signed(stranger, ByteString.copyFrom(large))));
    byte[] noise = new byte[5_000];
    random.nextBytes(noise);
    all.add(
        of("frame of random bytes", signed(stranger, Payloads.pack(ByteString.copyFrom(noise)))));
    all.add(of("entry that is not canonical", uncanonical(known)));
    all.add(of("somebody else's key for a known id", impostor(known, random)));
    return all;
  }

  private static HostileRecord of(String name, Report report) {
    return new HostileRecord(name, report.getInstallation(), report.toByteString());
  }

  private static ByteString flip(ByteString bytes, int at) {
    byte[] copy = bytes.toByteArray();
    copy[at] ^= 1;
    return ByteString.copyFrom(copy);
  }

  private static Report flipSignature(Report report) {
    return report.toBuilder().setSignature(flip(report.getSignature(), 20)).build();
  }

  private static Report exchanged(SimulatedInstallation from) {
    Report one = from.heartbeat();
    return one.toBuilder()
        .setPayload(
            Payloads.pack(Heartbeat.newBuilder().setIntervalSeconds(1).build().toByteString()))
        .build();
  }

  private static Report signed(SimulatedInstallation from, ByteString payload) {
    return ReportSignature.sign(
        from.report(ReportKind.HEARTBEAT, Heartbeat.getDefaultInstance()).setPayload(payload),
        from.key());
  }

  /** Zeros of this length: a few KB on the wire. */
  private static ByteString bomb(int size) {
    return ByteString.copyFrom(Zstd.compress(new byte[size], 1));
  }

  /** A frame header that declares this size (RFC 8878, section 3.1.1.1) and then ends. */
  private static ByteString declaring(long size) {
    byte[] header = new byte[14];
    header[0] = 0x28;
    header[1] = (byte) 0xb5;
    header[2] = 0x2f;
    header[3] = (byte) 0xfd;
    // Single segment, content size in 8 bytes.
    header[4] = (byte) 0xe0;
    for (int i = 0; i < 8; i++) {
      header[5 + i] = (byte) (size >>> (8 * i));
    }
    return ByteString.copyFrom(header);
  }

  /** Eight MiB of zeros behind a header that promises 256 bytes. */
  private static ByteString liar() {
    byte[] honest = Zstd.compress(new byte[8 << 20], 1);
    int descriptor = honest[4] & 0xff;
    int sizeBytes = new int[] {(descriptor & 0x20) != 0 ? 1 : 0, 2, 4, 8}[descriptor >>> 6];
    int window = (descriptor & 0x20) != 0 ? 0 : 1;
    int head = 5 + window + sizeBytes;
    byte[] blocks = java.util.Arrays.copyOfRange(honest, head, honest.length);
    // Window of 8 MiB, content size in 2 bytes (value + 256): 256.
    byte[] lying = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x40, (byte) (13 << 3), 0, 0};
    return ByteString.copyFrom(lying).concat(ByteString.copyFrom(blocks));
  }

  /** A right frame that does not say how much it holds: one raw block, no content size. */
  private static ByteString silentFrame() {
    byte[] frame = {
      0x28,
      (byte) 0xb5,
      0x2f,
      (byte) 0xfd,
      0x00,
      0x58, /* last raw block of 3 */
      0x19,
      0,
      0,
      'a',
      'b',
      'c'
    };
    return ByteString.copyFrom(frame);
  }

  /** A delta whose entry has its attributes in the wrong order. */
  private static Report uncanonical(SimulatedInstallation known) {
    io.patina.wire.v1.Entry wrong =
        io.patina.wire.v1.Entry.newBuilder()
            .setFacet("file")
            .setKey(ByteString.copyFromUtf8("/usr/bin/wrong"))
            .addAttributes(
                io.patina.wire.v1.Attribute.newBuilder()
                    .setName("type")
                    .setValue(ByteString.copyFromUtf8("file")))
            .addAttributes(
                io.patina.wire.v1.Attribute.newBuilder()
                    .setName("mode")
                    .setValue(ByteString.copyFromUtf8("0644")))
            .build();
    return known.signUncounted(
        ReportKind.DELTA,
        Delta.newBuilder()
            .addChanges(Change.newBuilder().setPut(wrong.toByteString()))
            .setFingerprint(ByteString.copyFrom(new byte[32]))
            .build());
  }

  /** The id of a known installation with a key and a signature of one's own. */
  private static Report impostor(SimulatedInstallation known, Random random) {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    SigningKey own = SigningKey.ofSeed(ByteString.copyFrom(seed));
    Report claimed =
        known.signUncounted(
            ReportKind.DELTA,
            Delta.newBuilder()
                .addChanges(
                    Change.newBuilder()
                        .setPut(
                            Entry.of(
                                    FactKey.file(ByteString.copyFromUtf8("/usr/bin/planted")),
                                    DriftScript.file(9))
                                .canonical()))
                .setFingerprint(ByteString.copyFrom(new byte[32]))
                .build());
    return ReportSignature.sign(claimed.toBuilder(), own);
  }
}
