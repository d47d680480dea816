package io.patina.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportSignatureTest {

  private static final SigningKey KEY = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));

  @Test
  void whatWasSignedIsVerified() throws Exception {
    Report signed = ReportSignature.sign(report(), KEY);
    assertTrue(ReportSignature.verify(Report.parseFrom(signed.toByteString()), KEY.publicKey()));
    assertEquals(KEY.publicKey().raw(), signed.getPublicKey());
  }

  @Test
  void theSignedBytesAreTheseForEver() {
    assertEquals(
        HexFormat.of()
                .formatHex(
                    "patina report v1\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
            + "11".repeat(16)
            + "22".repeat(16)
            + "0000000000000007"
            + "00000001"
            + "33".repeat(32)
            + "20"
            + "44".repeat(32)
            + "00000002"
            + "01"
            + "0102",
        HexFormat.of().formatHex(ReportSignature.message(report().build()).toByteArray()));
  }

  @Test
  void everyFieldOfTheContextIsCovered() {
    Report good = ReportSignature.sign(report(), KEY);
    List<Report> changed =
        List.of(
            good.toBuilder().setInstallation(bytes(0x12, 16)).build(),
            good.toBuilder().setIncarnation(bytes(0x12, 16)).build(),
            good.toBuilder().setSequence(8).build(),
            good.toBuilder().setKind(ReportKind.DELTA).build(),
            good.toBuilder().setKindValue(77).build(),
            good.toBuilder().setScope(bytes(0x34, 32)).build(),
            good.toBuilder().setReference(bytes(0x45, 32)).build(),
            good.toBuilder().clearReference().build(),
            good.toBuilder().setPart(3).build(),
            good.toBuilder().setLast(false).build(),
            good.toBuilder().setPayload(ByteString.fromHex("0103")).build(),
            good.toBuilder().setPayload(ByteString.EMPTY).build(),
            good.toBuilder().setSignature(bytes(0, 64)).build(),
            good.toBuilder().clearSignature().build());
    for (Report r : changed) {
      assertFalse(ReportSignature.verify(r, KEY.publicKey()), r.toString());
    }
  }

  @Test
  void bytesCannotMoveFromOneFieldToTheNext() {
    Report self = ReportSignature.sign(report().clearReference(), KEY);
    assertTrue(ReportSignature.verify(self, KEY.publicKey()));
    assertFalse(
        ReportSignature.verify(
            self.toBuilder().setReference(bytes(0x44, 32)).build(), KEY.publicKey()));
  }

  @Test
  void fieldsOfAnotherLengthAreNeverRight() {
    Report good = ReportSignature.sign(report(), KEY);
    List<Report> wrong =
        List.of(
            good.toBuilder().setInstallation(bytes(1, 15)).build(),
            good.toBuilder().clearIncarnation().build(),
            good.toBuilder().setScope(bytes(1, 31)).build(),
            good.toBuilder().setReference(bytes(1, 31)).build());
    for (Report r : wrong) {
      assertFalse(ReportSignature.verify(r, KEY.publicKey()));
      assertTrue(ReportSignature.malformed(r).isPresent());
      assertThrows(IllegalArgumentException.class, () -> ReportSignature.sign(r.toBuilder(), KEY));
    }
    assertEquals(Optional.empty(), ReportSignature.malformed(good));
  }

  private static Report.Builder report() {
    return Report.newBuilder()
        .setVersion(1)
        .setInstallation(bytes(0x11, 16))
        .setIncarnation(bytes(0x22, 16))
        .setSequence(7)
        .setKind(ReportKind.SNAPSHOT)
        .setScope(bytes(0x33, 32))
        .setReference(bytes(0x44, 32))
        .setPart(2)
        .setLast(true)
        .setPayload(ByteString.fromHex("0102"));
  }

  private static ByteString bytes(int value, int size) {
    return ByteString.fromHex(String.format("%02x", value).repeat(size));
  }
}
