package io.patina.collector.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HostStateTest {
  static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));

  @Test
  void anySequenceOfFindingsGivesTheManifestAndFingerprintOfAFreshOne() {
    Random random = new Random(1);
    TreeMap<FactKey, Entry> model = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      Entry e = entry(random);
      model.put(e.key(), e);
    }
    HostState state = new HostState(Manifest.of(SCOPE, model.values()));
    for (int i = 0; i < 30_000; i++) {
      Entry e = entry(random);
      boolean news;
      if (random.nextInt(3) == 0) {
        news = model.remove(e.key()) != null;
        assertEquals(news, state.apply(new Finding.IsAbsent(e.key(), 0)));
      } else {
        Entry before = model.put(e.key(), e);
        news = !e.equals(before);
        assertEquals(news, state.apply(new Finding.Is(e, 0)));
      }
      assertEquals(Optional.ofNullable(model.get(e.key())), state.find(e.key()));
      if (i % 3000 == 0) {
        equal(model, state);
      }
    }
    equal(model, state);
    assertEquals(Manifest.of(SCOPE, model.values()), state.manifest());
    equal(model, state);
  }

  private static void equal(TreeMap<FactKey, Entry> model, HostState state) {
    List<Entry> all = new ArrayList<>();
    state.forEach(all::add);
    assertEquals(List.copyOf(model.values()), all);
    assertEquals(model.size(), state.size());
    assertEquals(model.values().stream().filter(Entry::isGap).count(), state.gaps());
    assertEquals(Manifest.of(SCOPE, model.values()).hash().fingerprint(), state.fingerprint());
    FactKey from = FactKey.file(ByteString.copyFromUtf8("/dir3/"));
    List<Entry> tail = new ArrayList<>();
    state.from(from).forEachRemaining(tail::add);
    assertEquals(List.copyOf(model.tailMap(from, true).values()), tail);
  }

  static Entry entry(Random random) {
    FactKey key =
        random.nextInt(10) == 0
            ? FactKey.of(Facet.PACKAGE, "dpkg:p" + random.nextInt(300) + ":amd64")
            : FactKey.file(
                ByteString.copyFromUtf8(
                    "/dir" + random.nextInt(8) + "/file" + random.nextInt(800)));
    if (random.nextInt(20) == 0) {
      return Entry.of(new Gap(key, false, Gap.PERMISSION));
    }
    return Entry.of(
        key, new Attributes.Builder().text("size", String.valueOf(random.nextInt(4))).build());
  }
}
