package io.patina.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustRootsTest {

  private static final SigningKey KEY = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Envelope ENVELOPE =
      Envelope.sign(Envelope.IN_TOTO, ByteString.copyFromUtf8("{\"_type\":\"x\",\"a\":[1]}"), KEY);

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void key() throws IOException {
    Files.writeString(directory.resolve("release.pub"), KEY.publicKey().pem());
  }

  @Test
  void withoutTermsAKeyAlwaysCounts() throws Exception {
    assertEquals(KEY.publicKey(), verified());
  }

  @Test
  void aKeyCountsWithinItsTerm() throws Exception {
    terms("- {file: release.pub, notBefore: 2026-01-01T00:00:00Z, notAfter: 2027-01-01T00:00:00Z}");
    assertEquals(KEY.publicKey(), verified());
    terms("- {file: release.pub, notAfter: 2026-11-25T12:00:00Z}");
    refused("the key release.pub expired at 2026-11-25T12:00:00Z");
    terms("- {file: release.pub, notBefore: 2026-12-01T00:00:00Z}");
    refused("the key release.pub counts only from 2026-12-01T00:00:00Z");
    assertEquals(
        KEY.publicKey(),
        ENVELOPE
            .verify(roots().at(Instant.parse("2026-12-02T00:00:00Z")), Envelope.IN_TOTO)
            .signer());
  }

  @Test
  void aRevokedKeyNeverCountsWheneverItSigned() throws Exception {
    terms("- {file: release.pub, revoked: 2026-11-01T00:00:00Z, reason: the laptop was stolen}");
    refused("the key release.pub is revoked since 2026-11-01T00:00:00Z: the laptop was stolen");
    // By id it is refused even where its file is gone, and under another file's name.
    terms("- {keyId: " + KEY.publicKey().id() + ", revoked: 2026-11-01T00:00:00Z}");
    refused("is revoked");
    Files.delete(directory.resolve("release.pub"));
    refused("the key " + KEY.publicKey().id().substring(0, 16) + " is revoked");
  }

  @Test
  void anotherSignatureByAKeyThatCountsIsEnough() throws Exception {
    SigningKey second = SigningKey.ofSeed(ByteString.fromHex("02" + "00".repeat(31)));
    Files.writeString(directory.resolve("second.pem"), second.publicKey().pem());
    terms("- {file: release.pub, revoked: 2026-11-01T00:00:00Z}");
    Envelope both =
        new Envelope(
            ENVELOPE.payloadType(),
            ENVELOPE.payload(),
            java.util.List.of(
                ENVELOPE.signatures().getFirst(),
                Envelope.sign(Envelope.IN_TOTO, ENVELOPE.payload(), second)
                    .signatures()
                    .getFirst()));
    assertEquals(second.publicKey(), both.verify(roots(), Envelope.IN_TOTO).signer());
  }

  @Test
  void whatWasWrittenAnewIsSaidToBe() throws Exception {
    String payload = ENVELOPE.payload().toStringUtf8();
    because("the signature does not fit the payload", payload.replace("[1]", "[2]"), false);
    because("it looks re-serialised", payload.replace("[1]", "[\n1]"), true);
    because("it looks re-serialised", "{\"a\":[1],\"_type\":\"x\"}", true);
  }

  @Test
  void twoReadingsOfAnEnvelopeAreNone() {
    String json = ENVELOPE.json();
    assertThrows(UntrustedException.class, () -> Envelope.ofJson(json + json));
    assertThrows(
        UntrustedException.class,
        () -> Envelope.ofJson(json.replace("{\"payloadType", "{\"payload\":\"\",\"payloadType")));
    assertThrows(UntrustedException.class, () -> Envelope.ofJson("[]"));
  }

  @Test
  void aMistakeInTheTermsTrustsNobody() throws Exception {
    mistake("write keys: and a list", "{}");
    mistake("write either file or keyId", "keys: [{notAfter: 2026-11-25T12:00:00Z}]");
    mistake("unknown key [until]; known are file, keyId", "keys: [{file: release.pub, until: x}]");
    mistake(
        "no key file other.pub beside it",
        "keys: [{file: other.pub, revoked: 2026-11-25T12:00:00Z}]");
    mistake("revoked is an instant such as", "keys: [{file: release.pub, revoked: yes}]");
    mistake("revoked is empty", "keys: [{file: release.pub, revoked: }]");
    mistake("keyId is 64 hexadecimal digits", "keys: [{keyId: AB, revoked: 2026-11-25T12:00:00Z}]");
    mistake(
        "notAfter is not after notBefore",
        "keys: [{file: release.pub, notBefore: 2026-11-25T12:00:00Z, notAfter: 2026-11-25T12:00:00Z}]");
    mistake("trust.yaml", "keys: [");
  }

  private void mistake(String why, String yaml) throws IOException {
    Files.writeString(directory.resolve(TrustRoots.TERMS), yaml);
    String said = String.valueOf(assertThrows(InvalidKeyException.class, this::roots).getMessage());
    assertTrue(said.contains(why), said);
  }

  private void because(String why, String payload, boolean rewritten) throws Exception {
    Envelope changed =
        new Envelope(
            ENVELOPE.payloadType(), ByteString.copyFromUtf8(payload), ENVELOPE.signatures());
    TrustRoots roots = roots();
    String said =
        String.valueOf(
            assertThrows(UntrustedException.class, () -> changed.verify(roots, Envelope.IN_TOTO))
                .getMessage());
    assertTrue(said.contains(why), said);
    assertEquals(rewritten, said.contains("re-serialised"), said);
  }

  private void refused(String why) throws Exception {
    assertTrue(
        String.valueOf(assertThrows(UntrustedException.class, this::verified).getMessage())
            .contains(why));
  }

  private PublicKey verified() throws Exception {
    return ENVELOPE.verify(roots(), Envelope.IN_TOTO).signer();
  }

  private TrustRoots roots() throws IOException, InvalidKeyException {
    return TrustRoots.ofDirectory(directory, NOW);
  }

  private void terms(String entry) throws IOException {
    Files.writeString(directory.resolve(TrustRoots.TERMS), "keys:\n  " + entry + "\n");
  }
}
