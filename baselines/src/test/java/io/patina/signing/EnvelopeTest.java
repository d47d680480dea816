package io.patina.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Generated;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {

  private static final String TYPE = "http://example.com/HelloWorld";
  private static final ByteString HELLO = ByteString.copyFromUtf8("hello world");
  private static final SigningKey KEY = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
  private static final SigningKey OTHER =
      SigningKey.ofSeed(ByteString.fromHex("01" + "00".repeat(31)));
  private static final TrustRoots ROOTS = new TrustRoots(List.of(KEY.publicKey()));

  /** The test vector of DSSE's protocol.md. */
  @Test
  void whatIsSignedIsAsTheStandardSays() {
    assertEquals(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        Envelope.preAuthentication(TYPE, HELLO).toStringUtf8());
    assertEquals(
        "DSSEv1 2 \u00e9 0 ",
        Envelope.preAuthentication("\u00e9", ByteString.EMPTY).toStringUtf8());
  }

  @Test
  void whatWasSignedIsVerified() throws Exception {
    Envelope read = Envelope.ofJson(Envelope.sign(TYPE, HELLO, KEY).json());
    Envelope.Verified verified = read.verify(ROOTS, TYPE);
    assertEquals(HELLO, verified.payload());
    assertEquals(KEY.publicKey(), verified.signer());
  }

  @Test
  void bytesThatAreNoTextAreCarriedToo() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      ByteString payload = new Generated(seed).bytes(500);
      Envelope read = Envelope.ofJson(Envelope.sign(TYPE, payload, KEY).json());
      assertEquals(payload, read.verify(ROOTS, TYPE).payload());
    }
  }

  @Test
  void oneTrustedSignatureAmongOthersIsEnough() throws Exception {
    Envelope mine = Envelope.sign(TYPE, HELLO, KEY);
    Envelope theirs = Envelope.sign(TYPE, HELLO, OTHER);
    Envelope both =
        new Envelope(
            TYPE, HELLO, List.of(theirs.signatures().getFirst(), mine.signatures().getFirst()));
    assertEquals(KEY.publicKey(), both.verify(ROOTS, TYPE).signer());
  }

  @Test
  void thePayloadIsNotHandedOutUnderAnotherType() {
    refused("not of type", Envelope.sign(TYPE, HELLO, KEY), Envelope.IN_TOTO);
    Envelope retyped =
        new Envelope(Envelope.IN_TOTO, HELLO, Envelope.sign(TYPE, HELLO, KEY).signatures());
    refused("does not fit", retyped, Envelope.IN_TOTO);
  }

  @Test
  void aSignatureUnderATrustedNameByAnotherKeyIsRefused() {
    Envelope.Signature forged =
        new Envelope.Signature(
            KEY.publicKey().id(), OTHER.sign(Envelope.preAuthentication(TYPE, HELLO)));
    refused("does not fit", new Envelope(TYPE, HELLO, List.of(forged)), TYPE);
  }

  /** Envelopes made from a good one, each wrong in one way; files of these names. */
  @ParameterizedTest
  @CsvSource({
    "good.json,''",
    "good-url-alphabet.json,''",
    "payload-changed.json,does not fit",
    "payload-missing.json,does not fit",
    "signature-changed.json,does not fit",
    "signature-truncated.json,does not fit",
    "signature-missing.json,there is no signature",
    "signed-by-another.json,no signature is by a key that is trusted",
    "key-id-missing.json,no signature is by a key that is trusted",
    "type-changed.json,is not of type",
    "not-base64.json,not a DSSE envelope",
    "not-json.json,not a DSSE envelope",
  })
  void tamperedEnvelopesAreRefused(String file, String why) throws Exception {
    String json;
    try (var in = EnvelopeTest.class.getResourceAsStream("envelopes/" + file)) {
      assertTrue(in != null, file);
      json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (why.isEmpty()) {
      assertEquals(HELLO, Envelope.ofJson(json).verify(ROOTS, TYPE).payload());
    } else {
      String said =
          String.valueOf(
              assertThrows(
                      UntrustedException.class, () -> Envelope.ofJson(json).verify(ROOTS, TYPE))
                  .getMessage());
      assertTrue(said.contains(why), said);
    }
  }

  @Test
  void anEnvelopeWithoutBoundIsNotRead() {
    String huge = "{\"payload\":\"" + "A".repeat(Envelope.MAX_JSON) + "\"}";
    String said =
        String.valueOf(
            assertThrows(UntrustedException.class, () -> Envelope.ofJson(huge)).getMessage());
    assertTrue(said.contains("more than"), said);
  }

  @Test
  void randomTextNeverVerifies() {
    String good = Envelope.sign(TYPE, HELLO, KEY).json();
    ByteString bytes = ByteString.copyFromUtf8(good);
    for (int seed = 0; seed < 2000; seed++) {
      String damaged = new Generated(seed).damaged(bytes).toStringUtf8();
      try {
        assertEquals(HELLO, Envelope.ofJson(damaged).verify(ROOTS, TYPE).payload(), damaged);
      } catch (UntrustedException e) {
        assertTrue(e.getMessage() != null);
      }
    }
  }

  private static void refused(String why, Envelope envelope, String type) {
    String said =
        String.valueOf(
            assertThrows(UntrustedException.class, () -> envelope.verify(ROOTS, type))
                .getMessage());
    assertTrue(said.contains(why), said);
  }
}
