package io.patina.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.patina.wire.v1.Attribute;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EntryTest {

  private static final FactKey BASH = FactKey.of(Facet.FILE, "/usr/bin/bash");

  @Test
  void canonicalBytesAreTheseForEver() {
    Attributes attributes =
        new Attributes.Builder().text("uid", "0").text("mode", "0755").text("type", "file").build();
    assertEquals(
        "0a0466696c65120d2f7573722f62696e2f626173681a0c0a046d6f6465120430373535"
            + "1a0c0a0474797065120466696c651a080a03756964120130",
        hex(Entry.of(BASH, attributes)));
    assertEquals(
        "0a0466696c6512062f726f6f742f220a7065726d697373696f6e2801",
        hex(Entry.of(new Gap(FactKey.of(Facet.FILE, "/root/"), true, Gap.PERMISSION))));
  }

  @Test
  void whatWasMadeIsReadBack() {
    for (int seed = 0; seed < 2000; seed++) {
      Entry made = new Generated(seed).entry();
      Entry read = Entry.decode(made.canonical());
      assertEquals(made, read);
      assertEquals(made.isGap(), read.gap().isPresent());
      assertEquals(made.isGap(), read.fact().isEmpty());
      if (!made.isGap()) {
        assertEquals(made, Entry.of(read.fact().orElseThrow()));
        assertEquals(made, Entry.of(made.key(), read.attributes()));
      } else {
        assertEquals(made, Entry.of(read.gap().orElseThrow()));
      }
    }
  }

  @Test
  void damagedBytesAreRefusedOrAreAnotherCanonicalEntry() {
    int refused = 0;
    for (int seed = 0; seed < 5000; seed++) {
      Generated generated = new Generated(seed);
      ByteString damaged = generated.damaged(generated.entry().canonical());
      try {
        Entry read = Entry.decode(damaged);
        assertEquals(damaged, read.canonical());
        assertEquals(read.isGap(), read.gap().isPresent());
        assertEquals(
            read,
            read.gap().map(Entry::of).orElseGet(() -> Entry.of(read.key(), read.attributes())));
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > 1000, "refused " + refused);
  }

  @Test
  void randomBytesAreRefusedWithASentence() {
    for (int seed = 0; seed < 3000; seed++) {
      ByteString bytes = new Generated(seed).bytes(200);
      try {
        Entry.decode(bytes);
      } catch (IllegalArgumentException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  @Test
  void attributesOutOfOrderAreRefused() {
    refused("ascending", wire().addAttributes(attribute("b")).addAttributes(attribute("a")));
    refused("ascending", wire().addAttributes(attribute("a")).addAttributes(attribute("a")));
    refused("ascending", wire().addAttributes(attribute("")));
  }

  @Test
  void fieldsThatThisVersionDoesNotKnowAreRefused() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    refused("does not know", wire().setUnknownFields(unknown));
    refused(
        "does not know",
        wire().addAttributes(attribute("a").toBuilder().setUnknownFields(unknown)));
  }

  @Test
  void anotherEncodingOfTheSameEntryIsRefused() {
    ByteString key = field(2, BASH.name());
    ByteString facet = field(1, ByteString.copyFromUtf8("file"));
    Entry.decode(facet.concat(key));
    refused("canonical", key.concat(facet));
    refused("canonical", facet.concat(facet).concat(key));
    ByteString longLength = ByteString.fromHex("128d00").concat(BASH.name());
    refused("canonical", facet.concat(longLength));
    refused("canonical", facet.concat(key).concat(ByteString.fromHex("2800")));
  }

  @Test
  void gapsStateNothingAndOnlyGapsCoverPrefixes() {
    refused("a gap states no attributes", wire().setGap("io-error").addAttributes(attribute("a")));
    refused("only a gap", wire().setPrefix(true));
    refused("not a reason", wire().setGap("Has Spaces"));
  }

  @Test
  void keysAndValuesHaveBounds() {
    refused("facet name", wire().setFacet("File"));
    refused("facet name", wire().setFacet(""));
    refused("a key has", wire().setKey(ByteString.EMPTY));
    refused("a key has", wire().setKey(zeros(FactKey.MAX_NAME + 1)));
    refused(
        "over 65536 bytes",
        wire().addAttributes(attribute("a").toBuilder().setValue(zeros(65_537))));
    refused("too large", zeros(Entry.MAX_BYTES + 1));
  }

  @Test
  void aFileFactHasItsForm() {
    refused("absolute path", wire().setKey(ByteString.copyFromUtf8("usr/bin/bash")));
    refused("mode", wire().addAttributes(attribute("mode", "644")));
    refused("type", wire().addAttributes(attribute("type", "regular")));
    refused("uid", wire().addAttributes(attribute("uid", "-1")));
    refused("size", wire().addAttributes(attribute("size", "12 ")));
    refused("sha256", wire().addAttributes(attribute("sha256", "abcd")));
    refused("device", wire().addAttributes(attribute("device", "8")));
  }

  @Test
  void aFacetOfALaterVersionIsKept() {
    Entry entry = Entry.of(new FactKey("interface", ByteString.copyFromUtf8("x")), Attributes.NONE);
    Fact fact = Entry.decode(entry.canonical()).fact().orElseThrow();
    assertInstanceOf(Unrecognised.class, fact);
    assertEquals(entry, Entry.of(fact));
  }

  @Test
  void aFactTooLargeToSendIsAGap() {
    Attributes.Builder large = new Attributes.Builder();
    for (int i = 0; i < 5; i++) {
      large.bytes("xattr:user." + i, zeros(Attributes.MAX_VALUE));
    }
    Entry entry = Entry.of(BASH, large.build());
    assertEquals(Optional.of(new Gap(BASH, false, Gap.LIMIT)), entry.gap());
    assertEquals(entry, Entry.decode(entry.canonical()));
  }

  private static io.patina.wire.v1.Entry.Builder wire() {
    return io.patina.wire.v1.Entry.newBuilder().setFacet("file").setKey(BASH.name());
  }

  private static Attribute attribute(String name) {
    return attribute(name, "x");
  }

  private static Attribute attribute(String name, String value) {
    return Attribute.newBuilder().setName(name).setValue(ByteString.copyFromUtf8(value)).build();
  }

  private static ByteString field(int number, ByteString content) {
    return ByteString.copyFrom(new byte[] {(byte) (number << 3 | 2), (byte) content.size()})
        .concat(content);
  }

  private static ByteString zeros(int size) {
    return ByteString.copyFrom(new byte[size]);
  }

  private static void refused(String why, io.patina.wire.v1.Entry.Builder wire) {
    refused(why, wire.build().toByteString());
  }

  private static void refused(String why, ByteString bytes) {
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> Entry.decode(bytes)).getMessage());
    assertTrue(said.contains(why), said);
  }

  private static String hex(Entry entry) {
    return java.util.HexFormat.of().formatHex(entry.canonical().toByteArray());
  }
}
