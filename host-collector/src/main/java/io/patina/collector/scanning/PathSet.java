package io.patina.collector.scanning;

import com.google.protobuf.ByteString;

/** Which paths a walk came by: 8 bytes a path. Not safe for several threads. */
final class PathSet {
  private final KeyedHash hash;
  private long[] slots = new long[1024];
  private int used;

  PathSet(KeyedHash hash) {
    this.hash = hash;
  }

  /** False if it was there already. */
  boolean add(ByteString path) {
    long key = hash.of(path);
    int at = slot(slots, key);
    if (slots[at] == key) {
      return false;
    }
    if (++used * 4L > slots.length * 3L) {
      long[] old = slots;
      slots = new long[old.length / 2 * 3];
      for (long k : old) {
        if (k != 0) {
          slots[slot(slots, k)] = k;
        }
      }
      at = slot(slots, key);
    }
    slots[at] = key;
    return true;
  }

  boolean contains(ByteString path) {
    long key = hash.of(path);
    return slots[slot(slots, key)] == key;
  }

  private static int slot(long[] in, long key) {
    int at = (int) Long.remainderUnsigned(key, in.length);
    while (in[at] != 0 && in[at] != key) {
      at = at + 1 == in.length ? 0 : at + 1;
    }
    return at;
  }
}
