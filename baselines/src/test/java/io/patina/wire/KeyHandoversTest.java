package io.patina.wire;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.KeyHandover;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyHandoversTest {

  private static final ByteString ID = ByteString.copyFrom(new byte[16]);
  private static final SigningKey A = key(1);
  private static final SigningKey B = key(2);
  private static final SigningKey C = key(3);

  private static SigningKey key(int seed) {
    return SigningKey.ofSeed(ByteString.fromHex(String.format("%02x", seed).repeat(32)));
  }

  private static boolean leads(SigningKey from, SigningKey to, KeyHandover... chain) {
    return KeyHandovers.lead(ID, from.publicKey().raw(), to.publicKey().raw(), List.of(chain));
  }

  @Test
  void aChainLeadsFromAnyOfItsKeysToTheLast() {
    KeyHandover ab = KeyHandovers.make(ID, A, B);
    KeyHandover bc = KeyHandovers.make(ID, B, C);
    assertTrue(leads(A, B, ab));
    assertTrue(leads(A, C, ab, bc));
    assertTrue(leads(B, C, ab, bc));
    assertFalse(leads(C, A, ab, bc), "never back");
    assertFalse(leads(A, C, bc), "nor over what is not there");
    assertFalse(leads(A, A), "nothing was handed over");
  }

  @Test
  void bothKeysMustHaveSignedForThisInstallation() {
    KeyHandover ab = KeyHandovers.make(ID, A, B);
    KeyHandover cb = KeyHandovers.make(ID, C, B);
    // A stranger's signature in the old key's place, and a new key that somebody else holds.
    assertFalse(leads(A, B, ab.toBuilder().setSignedByOld(cb.getSignedByOld()).build()));
    assertFalse(leads(A, B, ab.toBuilder().clearSignedByNew().build()));
    assertFalse(leads(A, C, ab.toBuilder().setNewKey(C.publicKey().raw()).build()));
    ByteString other = ByteString.fromHex("07".repeat(16));
    assertFalse(leads(A, B, KeyHandovers.make(other, A, B)));
    assertFalse(leads(A, B, ab.toBuilder().setNewKey(ByteString.fromHex("00")).build()));
  }
}
