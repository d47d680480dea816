package io.patina.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Constraint;
import io.patina.comparison.Expectation;
import io.patina.facts.Generated;
import io.patina.manifest.Digest;
import io.patina.scope.Glob;
import io.patina.signing.Envelope;
import io.patina.signing.SigningKey;
import io.patina.signing.TrustRoots;
import io.patina.signing.UntrustedException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BaselineStatementTest {

  private static final SigningKey KEY = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
  private static final TrustRoots ROOTS = new TrustRoots(List.of(KEY.publicKey()));
  private static final Digest MANIFEST = Digest.of(ByteString.copyFromUtf8("a manifest"));

  private static final GoldenBaseline BASELINE =
      new GoldenBaseline(
          "web-2026",
          "1.4",
          MANIFEST,
          List.of(Digest.of(ByteString.copyFromUtf8("a scope"))),
          List.of(new Expectation.Keys("file", Glob.of("/usr/**"))),
          List.of(
              new Expectation.Ignored(keys("/usr/lib/x/cache/**"), "a cache"),
              new Expectation.IgnoredAttributes(keys("/etc/**"), Set.of("uid", "gid"), "ids"),
              new Expectation.Absent(keys("/usr/bin/nc"), "no \"netcat\"")),
          "pet",
          new Selector(Optional.of("00ff"), Map.of("pool", "web", "zone", "a")),
          Instant.parse("2026-11-22T20:00:00Z"),
          "a person");

  @Test
  void whatWasSignedIsReadBack() throws Exception {
    Envelope envelope = BaselineStatement.sign(BASELINE, KEY);
    Envelope read = Envelope.ofJson(envelope.json());
    assertEquals(BASELINE, BaselineStatement.verify(read, ROOTS));
    assertEquals(Digest.of(envelope.payload()), BaselineStatement.digest(read));
  }

  @Test
  void theStatementIsTheOneOfInToto() {
    String json = BaselineStatement.sign(BASELINE, KEY).payload().toStringUtf8();
    assertTrue(
        json.startsWith(
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"web-2026\","
                + "\"digest\":{\"sha256\":\""
                + MANIFEST.hex()
                + "\"}}],\"predicateType\":\"urn:patina:baseline:v1\",\"predicate\":{"),
        json);
  }

  @Test
  void aPolicyTravelsAsItWasWrittenAndOneWithoutIsAsItWasBefore() throws Exception {
    String text = "name: mine # \u00e4 comment\nartisanal: {from: 50}\n";
    GoldenBaseline with =
        new GoldenBaseline(
            BASELINE.name(),
            BASELINE.version(),
            BASELINE.manifest(),
            BASELINE.scopes(),
            BASELINE.exhaustive(),
            BASELINE.expectations(),
            "mine",
            Optional.of(text),
            BASELINE.selector(),
            BASELINE.createdAt(),
            BASELINE.author());
    Envelope envelope = BaselineStatement.sign(with, KEY);
    assertEquals(Optional.of(text), BaselineStatement.verify(envelope, ROOTS).policyText());
    // Bytes of before there were policies in statements: names of statements must not change.
    assertEquals(
        "4e994d612813a2d3bc264e44c59004359b9b4f1b48c0c036b306c0a44af79a4d",
        BaselineStatement.digest(BaselineStatement.sign(BASELINE, KEY)).hex());
    malformed(
        "a policy has at most",
        envelope
            .payload()
            .toStringUtf8()
            .replace("\"policyText\":\"", "\"policyText\":\"" + "#".repeat(1 << 16)));
  }

  @Test
  void whatItExpectsOfValuesIsSignedAndReadBack() throws Exception {
    GoldenBaseline expecting =
        with(
            List.of(
                new Expectation.Values(
                    keys("/etc/host{name,s}"),
                    Expectation.Presence.REQUIRED,
                    new TreeMap<>(
                        Map.of(
                            "sha256",
                            new Constraint.Content(List.of("${label:host}\n")),
                            "mode",
                            new Constraint.Exactly("0644"),
                            "uid",
                            new Constraint.OneOf(List.of("0", "7")),
                            "target",
                            new Constraint.Matches("/run/.*"),
                            "size",
                            new Constraint.AtLeast("3"))),
                    "whose it is"),
                Expectation.Values.of(
                    keys("/etc/*"),
                    Expectation.Presence.OPTIONAL,
                    "uid",
                    new Constraint.Exactly("0"),
                    "root's")));
    Envelope envelope = BaselineStatement.sign(expecting, KEY);
    assertEquals(expecting, BaselineStatement.verify(envelope, ROOTS));
    String good = envelope.payload().toStringUtf8();
    malformed("does not know", good.replace("\"exactly\"", "\"roughly\""));
    malformed("does not know", good.replace("\"optional\"", "\"perhaps\""));
    malformed("not a pattern", good.replace("/run/.*", "/run/(.*"));
    malformed("wildcards", good.replace("host{name,s}", "host*"));
    malformed("not the name", good.replace("\"mode\"", "\"~mode\""));
  }

  /** Its bytes are its name: an older one must keep them whatever newer ones can say. */
  @Test
  void aBaselineWithoutValuesKeepsItsBytes() {
    assertEquals(
        "2d229a8b2a7704222a55360fdcdd657afe2cb501c9ee7c5aab8123fd607700c0",
        BaselineStatement.digest(BaselineStatement.sign(with(List.of()), KEY)).hex());
    assertEquals(
        "4e994d612813a2d3bc264e44c59004359b9b4f1b48c0c036b306c0a44af79a4d",
        BaselineStatement.digest(BaselineStatement.sign(BASELINE, KEY)).hex());
  }

  private static GoldenBaseline with(List<Expectation> expectations) {
    return new GoldenBaseline(
        BASELINE.name(),
        BASELINE.version(),
        BASELINE.manifest(),
        BASELINE.scopes(),
        BASELINE.exhaustive(),
        expectations,
        BASELINE.policy(),
        BASELINE.selector(),
        BASELINE.createdAt(),
        BASELINE.author());
  }

  @Test
  void equalBaselinesHaveEqualStatements() {
    assertEquals(
        BaselineStatement.digest(BaselineStatement.sign(BASELINE, KEY)),
        BaselineStatement.digest(BaselineStatement.sign(BASELINE, KEY)));
  }

  @Test
  void aStatementByAnotherKeyIsNotRead() {
    SigningKey other = SigningKey.ofSeed(ByteString.fromHex("01" + "00".repeat(31)));
    assertThrows(
        UntrustedException.class,
        () -> BaselineStatement.verify(BaselineStatement.sign(BASELINE, other), ROOTS));
  }

  @Test
  void aChangedStatementIsNotRead() {
    Envelope good = BaselineStatement.sign(BASELINE, KEY);
    for (int seed = 0; seed < 500; seed++) {
      ByteString damaged = new Generated(seed).damaged(good.payload());
      if (!damaged.equals(good.payload())) {
        Envelope changed = new Envelope(good.payloadType(), damaged, good.signatures());
        assertThrows(UntrustedException.class, () -> BaselineStatement.verify(changed, ROOTS));
      }
    }
  }

  @Test
  void whatIsSignedButNoBaselineIsRefusedWhole() {
    String good = BaselineStatement.sign(BASELINE, KEY).payload().toStringUtf8();
    malformed("in-toto", good.replace("Statement/v1", "Statement/v2"));
    malformed("predicate is not", good.replace("baseline:v1", "baseline:v2"));
    malformed("does not know", good.replace("\"expect\":\"ignored\"", "\"expect\":\"matches\""));
    malformed("name and version", good.replace("\"version\":\"1.4\"", "\"version\":\"1 4\""));
    malformed("digest", good.replace(MANIFEST.hex(), MANIFEST.hex().substring(2)));
    malformed("", good.replace("2026-11-22T20:00:00Z", "yesterday"));
    malformed("1970 to 9999", good.replace("2026-11-22T20:00:00Z", "+294277-01-01T00:00:00Z"));
    malformed("1970 to 9999", good.replace("2026-11-22T20:00:00Z", "-1000000000-01-01T00:00:00Z"));
    malformed("an author has", good.replace("a person", "a\\u0000person"));
    malformed("an author has", good.replace("a person", "a".repeat(513)));
    malformed("a selector says", good.replace("\"pool\":\"web\"", "\"pool\":\"w\\u0000b\""));
    malformed("a selector says", good.replace("\"pool\":\"web\"", "\"p\\u0000l\":\"web\""));
    malformed("a selector says", good.replace("00ff", "00\\u0000ff"));
    malformed("name of a policy", good.replace("\"pet\"", "\"p\\u0000t\""));
    malformed("not closed", good.replace("/usr/bin/nc", "/usr/bin/[nc"));
    malformed("one subject", good.replaceFirst("\"subject\":\\[.*?\\]", "\"subject\":[]"));
    malformed("", good.substring(0, good.length() / 2));
    malformed("", "");
    malformed("", "null");
  }

  @Test
  void damagedStatementsOfATrustedSignerNeverDoMoreThanBeRefused() {
    ByteString good = BaselineStatement.sign(BASELINE, KEY).payload();
    int refused = 0;
    for (int seed = 0; seed < 3000; seed++) {
      Envelope envelope = Envelope.sign(Envelope.IN_TOTO, new Generated(seed).damaged(good), KEY);
      try {
        BaselineStatement.verify(envelope, ROOTS);
      } catch (MalformedBaselineException e) {
        refused++;
      } catch (UntrustedException e) {
        throw new AssertionError("it is signed", e);
      }
    }
    assertTrue(refused > 500, "refused " + refused);
  }

  @Test
  void selectorsAskForAllTheirLabels() {
    Selector selector = BASELINE.selector();
    assertTrue(selector.selects("00ff", Map.of("pool", "web", "zone", "a", "more", "x")));
    assertFalse(selector.selects("00fe", Map.of("pool", "web", "zone", "a")));
    assertFalse(selector.selects("00ff", Map.of("pool", "web")));
    Selector any = new Selector(Optional.empty(), Map.of());
    assertTrue(any.selects("00fe", Map.of()));
    assertTrue(selector.precedence() > any.precedence());
    assertNotEquals(selector, any);
  }

  private static void malformed(String why, String statement) {
    Envelope envelope = Envelope.sign(Envelope.IN_TOTO, ByteString.copyFromUtf8(statement), KEY);
    String said =
        String.valueOf(
            assertThrows(
                    MalformedBaselineException.class,
                    () -> BaselineStatement.verify(envelope, ROOTS))
                .getMessage());
    assertTrue(said.contains(why), said);
  }

  private static Expectation.Keys keys(String glob) {
    return new Expectation.Keys("file", Glob.of(glob));
  }
}
