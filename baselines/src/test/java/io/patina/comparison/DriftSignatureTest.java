package io.patina.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.facts.Generated;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftSignatureTest {

  private static final FactKey KEY = FactKey.file(ByteString.copyFromUtf8("/etc/x"));

  @Test
  void aConformingHostHasNone() {
    DriftSignature signature = new DriftSignature();
    assertEquals(Optional.empty(), signature.value());
    signature.open(difference("0644", "0600"));
    assertTrue(signature.value().isPresent());
    signature.close(difference("0644", "0600"));
    assertEquals(Optional.empty(), signature.value());
    assertThrows(IllegalStateException.class, () -> signature.close(difference("0644", "0600")));
  }

  @Test
  void hostsThatDriftedAlikeHaveTheSameInWhateverOrder() {
    for (int seed = 0; seed < 100; seed++) {
      Generated generated = new Generated(seed);
      Map<FactKey, Difference> byKey = new HashMap<>();
      for (int i = 0; i < 10; i++) {
        Difference d =
            new Difference(
                generated.key(),
                Difference.Kind.CHANGED,
                generated.attributes(),
                generated.attributes());
        byKey.put(d.key(), d);
      }
      List<Difference> differences = new ArrayList<>(byKey.values());
      DriftSignature one = new DriftSignature();
      differences.forEach(one::open);
      Collections.shuffle(differences, new Random(seed));
      DriftSignature other = new DriftSignature();
      Difference passing = difference("0644", "0000");
      other.open(passing);
      differences.forEach(other::open);
      other.close(passing);
      assertEquals(one.value(), other.value());
    }
  }

  @Test
  void annotationsDoNotCountAndEverythingElseDoes() {
    Difference plain = difference("0644", "0600");
    Difference annotated =
        new Difference(
            KEY,
            Difference.Kind.CHANGED,
            new Attributes.Builder().all(plain.expected()).text("~package", "x").build(),
            plain.actual());
    assertEquals(plain.canonical(), annotated.canonical());
    assertNotEquals(plain.canonical(), difference("0644", "0601").canonical());
    assertNotEquals(plain.canonical(), difference("0600", "0644").canonical());
    assertNotEquals(
        plain.canonical(),
        new Difference(KEY, Difference.Kind.UNEXPECTED, plain.expected(), plain.actual())
            .canonical());
  }

  @Test
  void canonicalBytesAreTheseForEver() {
    assertEquals(
        "0a0466696c6512062f6574632f78"
            + "1a130a0b61637475616c3a6d6f6465120430363030"
            + "1a150a0d65787065637465643a6d6f6465120430363434"
            + "1a0f0a046b696e6412076368616e676564",
        java.util.HexFormat.of().formatHex(difference("0644", "0600").canonical().toByteArray()));
  }

  @Test
  void theLargestFactsThatAHostCanSendHaveOne() {
    Attributes.Builder most = new Attributes.Builder();
    for (int i = 0; i < Attributes.MAX_COUNT; i++) {
      most.text("x".repeat(Attributes.MAX_NAME - 3) + String.format("%03d", i), "v");
    }
    Difference d = new Difference(KEY, Difference.Kind.CHANGED, most.build(), most.build());
    assertTrue(d.canonical().size() > 2 * 256 * 250);
  }

  private static Difference difference(String expectedMode, String actualMode) {
    return new Difference(
        KEY,
        Difference.Kind.CHANGED,
        new Attributes.Builder().text("mode", expectedMode).build(),
        new Attributes.Builder().text("mode", actualMode).build());
  }
}
