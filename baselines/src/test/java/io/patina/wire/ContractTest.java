package io.patina.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import io.patina.golden.BaselineStatement;
import io.patina.manifest.Manifest;
import io.patina.signing.Envelope;
import io.patina.signing.PublicKey;
import io.patina.signing.TrustRoots;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import io.patina.wire.v1.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes under {@code src/test/resources/contract} were written by collectors that are out
 * there. This version reads them, and says the same of them as the text beside them.
 */
class ContractTest {

  /** Also the place where producers' and consumers' tests in other modules find the examples. */
  private static final Path CONTRACT = Path.of("src/test/resources/contract");

  static List<String> names() {
    return ContractExamples.reports().keySet().stream().toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void reportsThatAreOutThereAreRead(String name) throws Exception {
    Report report = Report.parseFrom(read(name + ".binpb"));
    assertTrue(ReportSignature.verify(report, ContractExamples.KEY.publicKey()));
    Message content = ContractExamples.content(report);

    String text = Files.readString(CONTRACT.resolve(name + ".txtpb"));
    int payload = text.indexOf("# payload:");
    Report.Builder asText = Report.newBuilder();
    TextFormat.merge(text.substring(0, payload), asText);
    assertEquals(asText.build(), report.toBuilder().clearPayload().build());
    Message.Builder contentAsText = content.newBuilderForType();
    TextFormat.merge(text.substring(payload), contentAsText);
    assertEquals(contentAsText.build(), content);
  }

  @ParameterizedTest
  @MethodSource("names")
  void todaysCodeSaysTheSameInTheSameBytes(String name) throws Exception {
    Report then = Report.parseFrom(read(name + ".binpb"));
    Report today = Objects.requireNonNull(ContractExamples.reports().get(name));
    // The compressor may improve; what is compressed may not change.
    assertEquals(
        then.toBuilder().clearPayload().clearSignature().build(),
        today.toBuilder().clearPayload().clearSignature().build());
    assertEquals(Payloads.unpack(then.getPayload()), Payloads.unpack(today.getPayload()));
  }

  @Test
  void thePartsOfASnapshotAreTheManifest() throws Exception {
    ByteString entries = ByteString.EMPTY;
    Snapshot last = Snapshot.getDefaultInstance();
    for (String name : List.of("2-snapshot-first-part", "3-snapshot-last-part")) {
      Report report = Report.parseFrom(read(name + ".binpb"));
      last = Snapshot.parseFrom(Payloads.unpack(report.getPayload()));
      entries = entries.concat(last.getEntries());
    }
    Manifest manifest = Manifest.decode(entries);
    assertEquals(manifest, Manifest.decode(read("manifest.bin")));
    assertEquals(ContractExamples.manifest(), manifest);
    assertEquals(last.getManifest(), manifest.digest().bytes());
    assertEquals(last.getFingerprint(), manifest.hash().fingerprint().bytes());
  }

  @Test
  void whatAnInstallationProvedThenIsProofToday() throws Exception {
    Report report = Report.parseFrom(read("8-snapshot-that-enrols.binpb"));
    HostIdentity host = Snapshot.parseFrom(Payloads.unpack(report.getPayload())).getHost();
    PublicKey key = new PublicKey(report.getPublicKey());
    assertTrue(EnrolmentToken.verify(host.getEnrolment(), report.getInstallation(), key));
    ByteString before = host.getHandovers(0).getOldKey();
    assertTrue(
        KeyHandovers.lead(report.getInstallation(), before, key.raw(), host.getHandoversList()));
  }

  @Test
  void theBaselineThatIsOutThereIsRead() throws Exception {
    Envelope envelope = Envelope.ofJson(read("baseline.dsse.json").toStringUtf8());
    TrustRoots roots = new TrustRoots(List.of(ContractExamples.KEY.publicKey()));
    assertEquals(ContractExamples.baseline(), BaselineStatement.verify(envelope, roots));
    assertEquals(
        envelope.payload(),
        BaselineStatement.sign(ContractExamples.baseline(), ContractExamples.KEY).payload());
  }

  @Test
  void aReportOfALaterVersionIsStillVerified() throws Exception {
    Report report = Report.parseFrom(read("5-heartbeat.binpb"));
    Report later =
        report.toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                    .build())
            .build();
    Report read = Report.parseFrom(later.toByteString());
    assertTrue(ReportSignature.verify(read, ContractExamples.KEY.publicKey()));
    Report newKind = report.toBuilder().setKindValue(42).build();
    assertEquals(ReportKind.UNRECOGNIZED, Report.parseFrom(newKind.toByteString()).getKind());
  }

  @Test
  void noFieldIsRemovedRenumberedOrRetyped() throws Exception {
    TreeSet<String> kept = new TreeSet<>(Files.readAllLines(CONTRACT.resolve("fields.txt")));
    TreeSet<String> today = new TreeSet<>(ContractExamples.fields());
    TreeSet<String> gone = new TreeSet<>(kept);
    gone.removeAll(today);
    assertEquals(
        new TreeSet<>(), gone, "readers of older bytes need these; a new meaning is a new field");
    TreeSet<String> added = new TreeSet<>(today);
    added.removeAll(kept);
    assertEquals(new TreeSet<>(), added, "new in the contract: add these lines to fields.txt");
  }

  @Test
  void noNumberIsUsedTwice() throws Exception {
    List<String> lines = Files.readAllLines(CONTRACT.resolve("fields.txt"));
    TreeSet<String> numbers = new TreeSet<>();
    for (String line : lines) {
      String owner = line.substring(0, line.lastIndexOf('.', line.indexOf(" = ")));
      String number = line.substring(line.indexOf(" = ") + 3).replaceFirst(" .*", "");
      assertTrue(numbers.add(owner + " " + number), line);
    }
    assertFalse(numbers.isEmpty());
  }

  private static ByteString read(String file) throws IOException {
    return ByteString.copyFrom(Files.readAllBytes(CONTRACT.resolve(file)));
  }
}
