package io.patina.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.patina.comparison.Expectation;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.Change;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.Delta;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Key;
import io.patina.wire.v1.Label;
import io.patina.wire.v1.Loss;
import io.patina.wire.v1.Moment;
import io.patina.wire.v1.Patina;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import io.patina.wire.v1.Snapshot;
import io.patina.wire.v1.Writer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The example messages of the contract, as they are kept under {@code src/test/resources/contract}.
 * The files are the contract: this class made them once and makes new ones for new kinds. Run its
 * {@link #main} with a directory to write them; files that are there are never written again.
 */
public final class ContractExamples {

  /** The installation's key; its seed is 32 zero bytes, so that anyone can make the examples. */
  public static final SigningKey KEY = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));

  /** Its secret is 32 bytes of 0x33. */
  private static final EnrolmentToken TOKEN = EnrolmentToken.ofSeed(bytes(0x33, 32));

  private static final ByteString INSTALLATION = bytes(0x11, 16);
  private static final ByteString INCARNATION = bytes(0x22, 16);
  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("an example scope"));

  private static final Entry BASH =
      Entry.of(
          FactKey.file(ByteString.copyFromUtf8("/usr/bin/bash")),
          new Attributes.Builder()
              .text("type", "file")
              .text("mode", "0755")
              .text("size", "1265648")
              .bytes("sha256", bytes(0xab, 32))
              .build());
  private static final Entry STRANGE =
      Entry.of(
          FactKey.file(ByteString.copyFromUtf8("/usr/bin/").concat(ByteString.fromHex("ff0a1b5b"))),
          new Attributes.Builder()
              .text("type", "link")
              .bytes("target", ByteString.fromHex("2e2e2ffe"))
              .build());
  private static final Entry RELEASE =
      Entry.of(FactKey.of(Facet.KERNEL, "release"), Attributes.value("6.1.0-31-amd64"));
  private static final Entry SECRET =
      Entry.of(new Gap(FactKey.file(ByteString.copyFromUtf8("/root/")), true, Gap.PERMISSION));

  private ContractExamples() {}

  /** The manifest that the snapshot states. */
  public static Manifest manifest() {
    return Manifest.of(SCOPE, List.of(BASH, STRANGE, RELEASE, SECRET));
  }

  /** File name without extension to report, in the order in which they would be sent. */
  static Map<String, Report> reports() {
    Manifest manifest = manifest();
    ByteString all = manifest.canonical();
    int cut = all.size() - framed(RELEASE.canonical()).size();
    Map<String, Report> out = new LinkedHashMap<>();
    out.put(
        "1-announcement",
        report(
            1,
            ReportKind.ANNOUNCEMENT,
            Announcement.newBuilder()
                .setMoment(moment(0))
                .setKind(AnnouncementKind.STARTED)
                .setDetail("0.1.0")
                .build()));
    out.put(
        "2-snapshot-first-part",
        part(
            2,
            1,
            Snapshot.newBuilder()
                .setMoment(moment(1))
                .setHost(
                    HostIdentity.newBuilder()
                        .setHostname("web-1.example")
                        .addLabels(Label.newBuilder().setName("pool").setValue("web"))
                        .setCollectorVersion("0.1.0")
                        .setMachine(bytes(0x77, 32)))
                .setEntries(all.substring(0, cut))
                .build()));
    out.put(
        "3-snapshot-last-part",
        part(
            3,
            2,
            Snapshot.newBuilder()
                .setMoment(moment(1))
                .setEntries(all.substring(cut))
                .setFingerprint(manifest.hash().fingerprint().bytes())
                .setManifest(manifest.digest().bytes())
                .setCoverage(coverage())
                .build()));
    var hash = manifest.hash();
    hash.remove(STRANGE.canonical());
    hash.remove(RELEASE.canonical());
    Entry newer = Entry.of(FactKey.of(Facet.KERNEL, "release"), Attributes.value("6.1.0-32-amd64"));
    hash.add(newer.canonical());
    out.put(
        "4-delta",
        report(
            4,
            ReportKind.DELTA,
            Delta.newBuilder()
                .setMoment(moment(2))
                .addChanges(
                    Change.newBuilder()
                        .setAbsent(Key.newBuilder().setFacet("file").setKey(STRANGE.key().name()))
                        .setNoticedMicros(1_763_841_602_000_000L))
                .addChanges(Change.newBuilder().setPut(newer.canonical()))
                .addChanges(
                    Change.newBuilder()
                        .setUnscoped(
                            Key.newBuilder()
                                .setFacet("mount")
                                .setKey(ByteString.copyFromUtf8("/mnt"))))
                .setFingerprint(hash.fingerprint().bytes())
                .setCoverage(coverage())
                .setPackageTransaction(true)
                .build()));
    out.put(
        "5-heartbeat",
        report(
            5,
            ReportKind.HEARTBEAT,
            Heartbeat.newBuilder()
                .setMoment(moment(3))
                .setFingerprint(hash.fingerprint().bytes())
                .setCoverage(coverage())
                .setIntervalSeconds(300)
                .build()));
    hash.add(STRANGE.canonical());
    out.put(
        "6-delta-with-writer",
        report(
            6,
            ReportKind.DELTA,
            Delta.newBuilder()
                .setMoment(moment(4))
                .addChanges(
                    Change.newBuilder()
                        .setPut(STRANGE.canonical())
                        .setNoticedMicros(1_763_841_604_000_000L)
                        .setWriter(writer()))
                .setFingerprint(hash.fingerprint().bytes())
                .setCoverage(coverage())
                .build()));
    out.put("7-snapshot-after-a-loss", afterLoss(manifest));
    out.put("8-snapshot-that-enrols", enrolling(manifest));
    return out;
  }

  /** By a collector that was given a token and has changed its key before. */
  private static Report enrolling(Manifest manifest) {
    SigningKey before = SigningKey.ofSeed(bytes(0x01, 32));
    return ReportSignature.sign(
        unsigned(
                8,
                ReportKind.SNAPSHOT,
                Snapshot.newBuilder()
                    .setMoment(moment(6))
                    .setHost(
                        HostIdentity.newBuilder()
                            .setHostname("web-1.example")
                            .setCollectorVersion("0.1.0")
                            .setMachine(bytes(0x77, 32))
                            .setStarts(4)
                            .setEnrolment(TOKEN.prove(INSTALLATION, KEY.publicKey()))
                            .addHandovers(KeyHandovers.make(INSTALLATION, before, KEY)))
                    .setEntries(manifest.canonical())
                    .setFingerprint(manifest.hash().fingerprint().bytes())
                    .setManifest(manifest.digest().bytes())
                    .setCoverage(coverage())
                    .build())
            .setPart(1)
            .setLast(true),
        KEY);
  }

  /** Of one part, by a collector that has started for the third time and could not keep reports. */
  private static Report afterLoss(Manifest manifest) {
    return ReportSignature.sign(
        unsigned(
                7,
                ReportKind.SNAPSHOT,
                Snapshot.newBuilder()
                    .setMoment(moment(5))
                    .setHost(
                        HostIdentity.newBuilder()
                            .setHostname("web-1.example")
                            .setCollectorVersion("0.1.0")
                            .setMachine(bytes(0x77, 32))
                            .setStarts(3))
                    .setEntries(manifest.canonical())
                    .setFingerprint(manifest.hash().fingerprint().bytes())
                    .setManifest(manifest.digest().bytes())
                    .setCoverage(coverage().toBuilder().setLost(2))
                    .setLoss(Loss.newBuilder().setSinceMicros(1_763_841_603_500_000L).setReports(2))
                    .build())
            .setPart(1)
            .setLast(true),
        KEY);
  }

  private static Writer writer() {
    return Writer.newBuilder()
        .setPid(4242)
        .setCommand(ByteString.copyFromUtf8("bash"))
        .setExecutable(ByteString.copyFromUtf8("/usr/bin/bash"))
        .setUnit("session-3.scope")
        .setContainer("ab".repeat(32))
        .setLoginUser(1000)
        .build();
  }

  static GoldenBaseline baseline() {
    Expectation.Keys logs = new Expectation.Keys("file", Glob.of("/usr/bin/*.log"));
    return new GoldenBaseline(
        "example",
        "1",
        manifest().digest(),
        List.of(SCOPE),
        List.of(new Expectation.Keys("file", Glob.of("/usr/**"))),
        List.of(
            new Expectation.Ignored(logs, "written by the program"),
            new Expectation.IgnoredAttributes(
                new Expectation.Keys("file", Glob.of("/usr/bin/*")), Set.of("size"), "an example"),
            new Expectation.Absent(
                new Expectation.Keys("file", Glob.of("/usr/bin/nc")), "removed on purpose")),
        "pet",
        new Selector(Optional.empty(), Map.of("pool", "web")),
        Instant.parse("2026-11-22T20:00:00Z"),
        "an example");
  }

  /** The message that a report's payload holds. */
  static Message content(Report report) throws IOException {
    ByteString bytes = Payloads.unpack(report.getPayload());
    return switch (report.getKind()) {
      case SNAPSHOT -> Snapshot.parseFrom(bytes);
      case DELTA -> Delta.parseFrom(bytes);
      case HEARTBEAT -> Heartbeat.parseFrom(bytes);
      case ANNOUNCEMENT -> Announcement.parseFrom(bytes);
      case REPORT_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IOException("no content is known for " + report.getKindValue());
    };
  }

  /** Every field and enum value of the contract, one line each, sorted. */
  static List<String> fields() {
    Set<String> out = new TreeSet<>();
    for (Descriptor message : Patina.getDescriptor().getMessageTypes()) {
      for (FieldDescriptor f : message.getFields()) {
        String kind =
            switch (f.getJavaType()) {
              case MESSAGE -> f.getMessageType().getFullName();
              case ENUM -> f.getEnumType().getFullName();
              default -> f.getType().name().toLowerCase(java.util.Locale.ROOT);
            };
        String oneof =
            f.getContainingOneof() == null ? "" : " in " + f.getContainingOneof().getName();
        out.add(
            f.getFullName()
                + " = "
                + f.getNumber()
                + (f.isRepeated() ? " repeated " : " ")
                + kind
                + oneof);
      }
    }
    for (EnumDescriptor type : Patina.getDescriptor().getEnumTypes()) {
      for (EnumValueDescriptor v : type.getValues()) {
        out.add(type.getFullName() + "." + v.getName() + " = " + v.getNumber());
      }
    }
    return new ArrayList<>(out);
  }

  /** Writes what is not there yet into the directory named by the only argument. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Files.createDirectories(directory);
    for (Map.Entry<String, Report> r : reports().entrySet()) {
      keep(directory.resolve(r.getKey() + ".binpb"), r.getValue().toByteArray());
      keep(
          directory.resolve(r.getKey() + ".txtpb"),
          (TextFormat.printer().printToString(r.getValue().toBuilder().clearPayload().build())
                  + "# payload:\n"
                  + TextFormat.printer().printToString(content(r.getValue())))
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    keep(directory.resolve("manifest.bin"), manifest().canonical().toByteArray());
    keep(
        directory.resolve("baseline.dsse.json"),
        (BaselineStatement.sign(baseline(), KEY).json() + "\n")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    keep(
        directory.resolve("fields.txt"),
        (String.join("\n", fields()) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void keep(Path file, byte[] content) throws IOException {
    if (!Files.exists(file)) {
      Files.write(file, content);
    }
  }

  private static Report part(int sequence, int part, Snapshot content) {
    Report.Builder report =
        unsigned(sequence, ReportKind.SNAPSHOT, content).setPart(part).setLast(part == 2);
    return ReportSignature.sign(report, KEY);
  }

  private static Report report(int sequence, ReportKind kind, Message content) {
    return ReportSignature.sign(unsigned(sequence, kind, content), KEY);
  }

  private static Report.Builder unsigned(int sequence, ReportKind kind, Message content) {
    return Report.newBuilder()
        .setVersion(1)
        .setInstallation(INSTALLATION)
        .setIncarnation(INCARNATION)
        .setSequence(sequence)
        .setKind(kind)
        .setScope(SCOPE.bytes())
        .setPayload(Payloads.pack(content.toByteString()));
  }

  private static Moment moment(int seconds) {
    return Moment.newBuilder()
        .setWallMicros(1_763_841_600_000_000L + seconds * 1_000_000L)
        .setBoottimeMicros(60_000_000L + seconds * 1_000_000L)
        .setBootId(bytes(0x55, 16))
        .build();
  }

  private static Coverage coverage() {
    return Coverage.newBuilder()
        .setFacts(3)
        .setGaps(1)
        .setLastFullCompareMicros(1_763_841_600_000_000L)
        .setWatching("inotify")
        .build();
  }

  private static ByteString framed(ByteString content) {
    try {
      ByteString.Output out = ByteString.newOutput();
      CodedOutputStream coded = CodedOutputStream.newInstance(out);
      coded.writeBytesNoTag(content);
      coded.flush();
      return out.toByteString();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static ByteString bytes(int value, int size) {
    return ByteString.fromHex(String.format("%02x", value).repeat(size));
  }
}
