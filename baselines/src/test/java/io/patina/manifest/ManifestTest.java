package io.patina.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Generated;
import io.patina.fingerprint.LtHash16;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestTest {

  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("a scope"));

  @Test
  void canonicalBytesAreTheseForEver() {
    Manifest empty = Manifest.of(SCOPE, List.of());
    assertEquals(
        "2408011220" + SCOPE.hex(),
        java.util.HexFormat.of().formatHex(empty.canonical().toByteArray()));
  }

  @Test
  void whatWasBuiltIsDecoded() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      Generated generated = new Generated(seed);
      List<Entry> entries = generated.entries(60);
      Manifest built = Manifest.of(SCOPE, entries);
      Manifest read = Manifest.decode(ByteString.copyFrom(built.canonical().toByteArray()));
      assertEquals(built, read);
      assertEquals(SCOPE, read.scope());
      assertEquals(Digest.of(read.canonical()), read.digest());
      assertEquals(entries.size(), read.size());
      List<Entry> iterated = new ArrayList<>();
      read.forEach(iterated::add);
      assertEquals(entries, iterated);
      Collections.shuffle(entries, new Random(seed));
      assertEquals(built, Manifest.of(SCOPE, entries));
    }
  }

  @Test
  void everyKeyIsFoundAndNoOther() {
    for (int seed = 0; seed < 100; seed++) {
      Generated generated = new Generated(seed);
      List<Entry> entries = generated.entries(60);
      Manifest manifest = Manifest.of(SCOPE, entries);
      for (int i = 0; i < entries.size(); i++) {
        assertEquals(Optional.of(entries.get(i)), manifest.find(entries.get(i).key()));
        assertEquals(i, manifest.position(entries.get(i).key()));
      }
      FactKey other = generated.key();
      Optional<Entry> expected = entries.stream().filter(e -> e.key().equals(other)).findFirst();
      assertEquals(expected, manifest.find(other));
      long before = entries.stream().filter(e -> e.key().compareTo(other) < 0).count();
      assertEquals(before, manifest.position(other));
    }
  }

  @Test
  void theHashIsTheOneOfAllEntries() {
    List<Entry> entries = new Generated(7).entries(50);
    LtHash16 hash = new LtHash16();
    entries.forEach(e -> hash.add(e.canonical()));
    assertEquals(hash, Manifest.of(SCOPE, entries).hash());
  }

  @Test
  void theBuilderRefusesAnotherOrder() {
    Entry a = Entry.of(key("/a"), io.patina.facts.Attributes.NONE);
    Entry b = Entry.of(key("/b"), io.patina.facts.Attributes.NONE);
    ManifestBuilder builder = new ManifestBuilder(SCOPE);
    builder.add(b);
    assertThrows(IllegalArgumentException.class, () -> builder.add(a));
    assertThrows(IllegalArgumentException.class, () -> builder.add(b));
    assertEquals(1, builder.size());
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    Manifest manifest =
        Manifest.of(
            SCOPE,
            List.of(
                Entry.of(key("/\u00e9"), io.patina.facts.Attributes.NONE),
                Entry.of(key("/z"), io.patina.facts.Attributes.NONE)));
    assertEquals(key("/z"), manifest.get(0).key());
  }

  @Test
  void damagedBytesAreRefusedOrAreAnotherManifest() {
    int refused = 0;
    for (int seed = 0; seed < 3000; seed++) {
      Generated generated = new Generated(seed);
      ByteString damaged = generated.damaged(Manifest.of(SCOPE, generated.entries(4)).canonical());
      try {
        Manifest read = Manifest.decode(damaged);
        List<Entry> entries = new ArrayList<>();
        read.forEach(entries::add);
        assertEquals(damaged, Manifest.of(read.scope(), entries).canonical(), "seed " + seed);
      } catch (MalformedManifestException e) {
        refused++;
      }
    }
    assertTrue(refused > 1000, "refused " + refused);
  }

  @Test
  void randomBytesAreRefused() {
    for (int seed = 0; seed < 3000; seed++) {
      ByteString bytes = new Generated(seed).bytes(300);
      assertThrows(MalformedManifestException.class, () -> Manifest.decode(bytes));
    }
  }

  @Test
  void oneManifestHasOneFormOnly() {
    ByteString good = Manifest.of(SCOPE, new Generated(3).entries(5)).canonical();
    ByteString body = good.substring(1);
    refused("not canonical", ByteString.fromHex("a400").concat(body));
    refused("not canonical", ByteString.fromHex("a480808000").concat(body));
    refused("not canonical", ByteString.fromHex("a4808080808080808001").concat(body));
    refused("not canonical", ByteString.fromHex("ffffffffffffffffff01").concat(body));
    ByteString header = good.substring(1, 37);
    refused("header", ByteString.fromHex("26").concat(header).concat(ByteString.fromHex("1801")));
    refused("form 2", ByteString.fromHex("240802").concat(header.substring(2)));
    refused("32 bytes", ByteString.fromHex("020801"));
    refused("a frame of 2097151 bytes", good.concat(ByteString.fromHex("ffff7f")));
  }

  @Test
  void anIteratorEnds() {
    var iterator = Manifest.of(SCOPE, List.of()).iterator();
    assertThrows(NoSuchElementException.class, iterator::next);
  }

  private static void refused(String why, ByteString bytes) {
    String said =
        String.valueOf(
            assertThrows(MalformedManifestException.class, () -> Manifest.decode(bytes))
                .getMessage());
    assertTrue(said.contains(why), said);
  }

  private static FactKey key(String path) {
    return FactKey.file(ByteString.copyFromUtf8(path));
  }

  @Test
  void aPackedManifestIsTheSameManifest() throws Exception {
    java.util.Random random = new java.util.Random(5);
    Digest scope = Digest.of(ByteString.copyFromUtf8("packed"));
    java.util.TreeMap<FactKey, Entry> entries = new java.util.TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      FactKey key = FactKey.file(ByteString.copyFromUtf8("/d" + random.nextInt(40) + "/f" + i));
      byte[] digest = new byte[32];
      random.nextBytes(digest);
      entries.put(
          key,
          Entry.of(
              key,
              new io.patina.facts.Attributes.Builder()
                  .bytes("sha256", ByteString.copyFrom(digest))
                  .build()));
    }
    Manifest flat = Manifest.of(scope, entries.values());
    ManifestBuilder builder = ManifestBuilder.packed(scope, io.patina.packing.Scratch.MEMORY);
    flat.forEach(builder::add);
    Manifest packed = builder.build();
    assertEquals(flat.digest(), packed.digest());
    assertEquals(flat.canonical(), packed.canonical());
    assertEquals(flat.bytes(), packed.bytes());
    assertEquals(flat.hash().fingerprint(), packed.hash().fingerprint());
    for (Entry e : flat) {
      assertEquals(e, packed.find(e.key()).orElseThrow());
      assertEquals(flat.position(e.key()), packed.position(e.key()));
    }
    FactKey absent = FactKey.file(ByteString.copyFromUtf8("/d7/"));
    assertEquals(flat.position(absent), packed.position(absent));
    assertEquals(java.util.Optional.empty(), packed.find(absent));
    Manifest continued = ManifestBuilder.continuing(packed).build();
    assertEquals(flat.digest(), continued.digest());
  }
}
