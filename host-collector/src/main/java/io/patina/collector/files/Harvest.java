package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The entries that a walk gathered: kept as their canonical bytes in large chunks, because a
 * hundred thousand objects would cost several times the memory, and given once, in the order of a
 * manifest.
 */
public final class Harvest {
  private static final int CHUNK = 256 * 1024;

  /** Canonical bytes before the key's length: field 1 with "file", then the tag of field 2. */
  private static final int KEY_LENGTH_AT = 7;

  private final List<byte[]> chunks = new ArrayList<>();
  private byte[] chunk = new byte[0];
  private int used;
  // Per entry: number of its chunk and offset in it, where four bytes of length come first.
  private long[] index = new long[1024];
  private int count;

  /** What one worker adds to; not safe for several threads. */
  void add(Entry entry) {
    ByteString canonical = entry.canonical();
    int length = 4 + canonical.size();
    if (used + length > chunk.length) {
      trim();
      chunk = new byte[Math.max(CHUNK, length)];
      chunks.add(chunk);
      used = 0;
    }
    if (count == index.length) {
      index = Arrays.copyOf(index, count + (count >> 1));
    }
    index[count++] = ((long) (chunks.size() - 1) << 32) | used;
    chunk[used++] = (byte) (canonical.size() >>> 24);
    chunk[used++] = (byte) (canonical.size() >>> 16);
    chunk[used++] = (byte) (canonical.size() >>> 8);
    chunk[used++] = (byte) canonical.size();
    canonical.copyTo(chunk, used);
    used += canonical.size();
  }

  private void trim() {
    if (used < chunk.length) {
      chunk = Arrays.copyOf(chunk, used);
      chunks.set(chunks.size() - 1, chunk);
    }
  }

  private static int length(byte[] from, int at) {
    return (from[at] & 0xff) << 24
        | (from[at + 1] & 0xff) << 16
        | (from[at + 2] & 0xff) << 8
        | (from[at + 3] & 0xff);
  }

  /** Takes over what other workers gathered; they must not be used afterwards. */
  static Harvest of(Collection<Harvest> parts) {
    Harvest all = new Harvest();
    all.index = new long[parts.stream().mapToInt(p -> p.count).sum()];
    for (Harvest part : parts) {
      part.trim();
      long base = (long) all.chunks.size() << 32;
      all.chunks.addAll(part.chunks);
      for (int i = 0; i < part.count; i++) {
        all.index[all.count++] = part.index[i] + base;
      }
    }
    all.sort();
    return all;
  }

  /** Number of entries gathered. */
  public int size() {
    return count;
  }

  /** Merge sort over the index; the entries stay where they are. */
  private void sort() {
    long[] from = Arrays.copyOf(index, count);
    long[] to = new long[count];
    for (int width = 1; width < count; width *= 2) {
      for (int start = 0; start < count; start += 2 * width) {
        int middle = Math.min(start + width, count);
        int end = Math.min(middle + width, count);
        merge(from, to, start, middle, end);
      }
      long[] swap = from;
      from = to;
      to = swap;
    }
    index = from;
  }

  private void merge(long[] from, long[] to, int start, int middle, int end) {
    // Neighbours are mostly in order already: names of one directory were sorted when read.
    if (middle == end || compare(from[middle - 1], from[middle]) <= 0) {
      System.arraycopy(from, start, to, start, end - start);
      return;
    }
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft = right == end || (left < middle && compare(from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  private int compare(long a, long b) {
    byte[] x = chunks.get((int) (a >>> 32));
    byte[] y = chunks.get((int) (b >>> 32));
    int xAt = key((int) a, x);
    int yAt = key((int) b, y);
    return Arrays.compareUnsigned(
        x, xAt, xAt + keyLength((int) a, x), y, yAt, yAt + keyLength((int) b, y));
  }

  /** Offset of the key of the entry at an offset; its length is a varint of one or two bytes. */
  private static int key(int entry, byte[] in) {
    int at = entry + 4 + KEY_LENGTH_AT;
    return in[at] < 0 ? at + 2 : at + 1;
  }

  private static int keyLength(int entry, byte[] in) {
    int at = entry + 4 + KEY_LENGTH_AT;
    return in[at] < 0 ? (in[at] & 0x7f) | in[at + 1] << 7 : in[at];
  }

  /**
   * Gives the entries strictly ascending by key, and lets go of the memory on the way: a harvest
   * can be brought in once.
   */
  public void drainTo(Consumer<? super Entry> sink) {
    int[] left = new int[chunks.size()];
    for (int i = 0; i < count; i++) {
      left[(int) (index[i] >>> 32)]++;
    }
    ByteString previous = ByteString.EMPTY;
    for (int i = 0; i < count; i++) {
      int number = (int) (index[i] >>> 32);
      byte[] in = chunks.get(number);
      int offset = (int) index[i];
      ByteString key = ByteString.copyFrom(in, key(offset, in), keyLength(offset, in));
      // A name that a directory listed twice while it was being changed: the first look stands.
      if (!key.equals(previous)) {
        previous = key;
        sink.accept(
            new Entry(FactKey.file(key), ByteString.copyFrom(in, offset + 4, length(in, offset))));
      }
      if (--left[number] == 0) {
        chunks.set(number, new byte[0]);
      }
    }
    count = 0;
  }
}
