package io.patina.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FactsTest {

  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));
  private static final Since SINCE = Since.exactly(Instant.EPOCH);

  private static FactKey key(int number) {
    return FactKey.of(Facet.OS, "KEY_" + number);
  }

  private static Entry entry(int number, int value) {
    return Entry.of(key(number), Attributes.value("value " + value));
  }

  @Test
  void afterAnyChangesFingerprintAndEntriesAreThoseOfTheWholeSet() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      TreeMap<FactKey, Entry> model = new TreeMap<>();
      for (int i = 0; i < 60; i++) {
        if (random.nextBoolean()) {
          model.put(key(i), entry(i, 0));
        }
      }
      Manifest manifest = Manifest.of(SCOPE, model.values());
      Facts facts = new Facts(new Reference(manifest, manifest.hash()), SINCE, Map.of());
      for (int step = 0; step < 40; step++) {
        Map<FactKey, OverlayValue> changes = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
          int number = random.nextInt(70);
          if (random.nextInt(3) == 0) {
            model.remove(key(number));
            changes.put(key(number), new OverlayValue.Removed(SINCE));
          } else {
            Entry entry = entry(number, random.nextInt(4));
            model.put(key(number), entry);
            changes.put(key(number), new OverlayValue.Put(entry, SINCE));
          }
        }
        facts = facts.with(changes);
        assertEquals(Manifest.of(SCOPE, model.values()).hash().fingerprint(), facts.fingerprint());
        List<Entry> all = new ArrayList<>();
        facts.observedAll().forEach(all::add);
        assertEquals(new ArrayList<>(model.values()), all, "seed " + seed);
        int probe = random.nextInt(70);
        assertEquals(Optional.ofNullable(model.get(key(probe))), facts.observed(key(probe)));
      }
    }
  }

  @Test
  void aKeyThatLeftScopeIsNotInTheSetAndSeenAsAGap() {
    Manifest manifest = Manifest.of(SCOPE, List.of(entry(1, 1), entry(2, 2)));
    Facts facts =
        new Facts(
            new Reference(manifest, manifest.hash()),
            SINCE,
            Map.of(key(1), new OverlayValue.Unscoped(SINCE)));
    assertEquals(
        Manifest.of(SCOPE, List.of(entry(2, 2))).hash().fingerprint(), facts.fingerprint());
    assertEquals(
        OverlayValue.OUT_OF_SCOPE,
        facts.observed(key(1)).flatMap(Entry::gap).orElseThrow().reason());
  }
}
