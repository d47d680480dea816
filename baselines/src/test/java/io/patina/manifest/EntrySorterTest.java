package io.patina.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Generated;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntrySorterTest {
  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));

  @Test
  void anyOrderGivesTheManifestOfTheSortedEntries() throws MalformedManifestException {
    for (long seed = 1; seed <= 200; seed++) {
      List<Entry> entries = new ArrayList<>(new Generated(seed).entries(60));
      Manifest expected = Manifest.of(SCOPE, entries);
      Collections.shuffle(entries, new Random(seed));
      EntrySorter sorter = new EntrySorter();
      for (Entry e : entries) {
        sorter.add(e);
      }
      assertEquals(expected, sorter.build(SCOPE), "seed " + seed);
    }
  }

  @Test
  void longKeysAreOrderedByTheirBytes() throws MalformedManifestException {
    EntrySorter sorter = new EntrySorter();
    ByteString stem = ByteString.copyFromUtf8("/" + "a".repeat(500));
    List<ByteString> names =
        List.of(
            stem,
            stem.concat(ByteString.copyFrom(new byte[] {(byte) 0xff})),
            stem.concat(ByteString.copyFrom(new byte[] {1})),
            ByteString.copyFromUtf8("/" + "a".repeat(FactKey.MAX_NAME - 1)));
    for (ByteString name : names) {
      sorter.add(Entry.of(FactKey.file(name), Attributes.NONE));
    }
    Manifest built = sorter.build(SCOPE);
    assertEquals(4, Manifest.of(SCOPE, entries(built)).size());
    assertEquals(names.get(1), built.get(3).key().name());
  }

  @Test
  void theLaterOfTwoCounts() throws MalformedManifestException {
    EntrySorter sorter = new EntrySorter();
    FactKey key = FactKey.file(ByteString.copyFromUtf8("/a"));
    sorter.add(Entry.of(key, Attributes.value("1")));
    sorter.add(Entry.of(key, Attributes.value("2")));
    assertEquals("2", sorter.build(SCOPE).get(0).attributes().shown("value").orElseThrow());
  }

  @Test
  void moreThanTheBoundIsRefused() {
    EntrySorter sorter = new EntrySorter(1 << 20);
    Attributes large =
        new Attributes.Builder()
            .text("a", "x".repeat(60_000))
            .text("b", "x".repeat(60_000))
            .build();
    assertThrows(
        MalformedManifestException.class,
        () -> {
          for (int i = 0; i < 100; i++) {
            sorter.add(Entry.of(FactKey.file(ByteString.copyFromUtf8("/" + i)), large));
          }
        });
  }

  private static List<Entry> entries(Manifest manifest) {
    List<Entry> out = new ArrayList<>();
    manifest.forEach(out::add);
    return out;
  }
}
