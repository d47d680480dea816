package io.patina.facts;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Keys, attributes and entries by chance, from a seed: what a host could send, hostile names too.
 */
public final class Generated {

  private static final String[] FACETS = {
    "file", "package", "kernel", "unit", "mount", "os", "newer-than-this"
  };
  private static final String[] ATTRIBUTES = {
    "alpha", "beta", "target", "value", "xattr:user.\u00e9", "~package", "capability", "options"
  };
  private static final String[] TEXTS = {
    "a",
    "usr",
    "b\u00e9",
    "\u202e",
    "line\nbreak",
    " ",
    "\\",
    "\ud83d\ude00",
    "\u001b[31m",
    "*",
    "["
  };

  private final Random random;

  public Generated(long seed) {
    random = new Random(seed);
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  public boolean sometimes() {
    return random.nextInt(4) == 0;
  }

  public ByteString bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  public ByteString exactly(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  /** Text, or bytes that are none. */
  public ByteString name() {
    return sometimes() ? bytes(12) : ByteString.copyFromUtf8(text());
  }

  public String text() {
    StringBuilder out = new StringBuilder();
    int n = random.nextInt(4);
    for (int i = 0; i < n; i++) {
      out.append(TEXTS[random.nextInt(TEXTS.length)]);
    }
    return out.toString();
  }

  public FactKey key() {
    String facet = FACETS[random.nextInt(FACETS.length)];
    ByteString name = ByteString.copyFromUtf8("/").concat(name());
    return new FactKey(facet, name);
  }

  public Attributes attributes() {
    Attributes.Builder out = new Attributes.Builder();
    int n = random.nextInt(4);
    for (int i = 0; i < n; i++) {
      out.bytes(ATTRIBUTES[random.nextInt(ATTRIBUTES.length)], name());
    }
    if (sometimes()) {
      out.bytes(Attributes.SHA256, exactly(32));
    }
    if (sometimes()) {
      out.text(Attributes.TYPE, sometimes() ? FileFact.LINK : FileFact.REGULAR);
    }
    return out.build();
  }

  public Entry entry() {
    FactKey key = key();
    return sometimes()
        ? Entry.of(new Gap(key, sometimes(), sometimes() ? Gap.PERMISSION : Gap.IO_ERROR))
        : Entry.of(key, attributes());
  }

  /** Entries with different keys, in key order. */
  public List<Entry> entries(int most) {
    TreeMap<FactKey, Entry> byKey = new TreeMap<>();
    int n = random.nextInt(most + 1);
    for (int i = 0; i < n; i++) {
      Entry e = entry();
      byKey.put(e.key(), e);
    }
    return new ArrayList<>(byKey.values());
  }

  /** The same bytes with a few of them changed, removed or added. */
  public ByteString damaged(ByteString bytes) {
    byte[] copy = bytes.toByteArray();
    if (copy.length == 0 || random.nextInt(4) == 0) {
      return bytes.concat(exactly(1 + random.nextInt(8)));
    }
    if (random.nextInt(4) == 0) {
      return bytes.substring(0, random.nextInt(copy.length));
    }
    int n = 1 + random.nextInt(3);
    for (int i = 0; i < n; i++) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return ByteString.copyFrom(copy);
  }
}
