package io.patina.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.Enrolment;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class EnrolmentTokenTest {

  private static final ByteString ID = ByteString.copyFrom(new byte[16]);
  private static final SigningKey KEY = key(1);
  private final EnrolmentToken token = EnrolmentToken.generate(new SecureRandom());

  private static SigningKey key(int seed) {
    return SigningKey.ofSeed(ByteString.fromHex(String.format("%02x", seed).repeat(32)));
  }

  @Test
  void aTokenIsReadFromItsTextAndShownNowhereElse() {
    EnrolmentToken read = EnrolmentToken.parse(" " + token.text() + "\n");
    assertEquals(token.publicKey(), read.publicKey());
    assertFalse(token.toString().contains(token.text()));
  }

  @Test
  void whatIsNoWholeTokenIsToldWithoutRepeatingIt() {
    String text = token.text();
    String other = text.substring(0, 20) + (text.charAt(20) == 'A' ? 'B' : 'A');
    for (String wrong :
        new String[] {
          "",
          "patina_other",
          text.substring(0, text.length() - 1),
          text + "AAAA",
          "patina_enrol_***",
          other + text.substring(21)
        }) {
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> EnrolmentToken.parse(wrong))
                  .getMessage());
      assertTrue(message.contains("enrolment token"), message);
      assertFalse(wrong.length() > 20 && message.contains(wrong.substring(13)), message);
    }
  }

  @Test
  void aProofIsForOneInstallationAndOneKeyAndShowsNoToken() {
    Enrolment proof = token.prove(ID, KEY.publicKey());
    assertTrue(EnrolmentToken.verify(proof, ID, KEY.publicKey()));
    assertFalse(EnrolmentToken.verify(proof, ID, key(2).publicKey()));
    assertFalse(
        EnrolmentToken.verify(
            proof,
            ByteString.copyFrom(new byte[15]).concat(ByteString.fromHex("01")),
            KEY.publicKey()));
    // Who reads the topic has the token's public key, and signs with another.
    Enrolment forged = EnrolmentToken.generate(new SecureRandom()).prove(ID, KEY.publicKey());
    assertFalse(
        EnrolmentToken.verify(
            forged.toBuilder().setToken(proof.getToken()).build(), ID, KEY.publicKey()));
    assertFalse(EnrolmentToken.verify(Enrolment.getDefaultInstance(), ID, KEY.publicKey()));
    assertFalse(EnrolmentToken.verify(proof.toBuilder().clearToken().build(), ID, KEY.publicKey()));
  }
}
