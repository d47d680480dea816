package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a walk gathered: kept as their bytes in large chunks, because a hundred thousand
 * objects would cost twice the memory, and given in the order of a manifest.
 */
public final class Harvest implements Iterable<Entry> {
  private static final int CHUNK = 256 * 1024;

  private final List<byte[]> chunks = new ArrayList<>();
  private byte[] chunk = new byte[0];
  private int used;
  // Per entry: chunk number, offset of its key, length of its key; the canonical bytes follow.
  private long[] index = new long[1024];
  private int count;

  /** What one worker adds to; not safe for several threads. */
  void add(Entry entry) {
    ByteString key = entry.key().name();
    ByteString canonical = entry.canonical();
    int length = 8 + key.size() + canonical.size();
    if (used + length > chunk.length) {
      if (chunk.length > used) {
        trim();
      }
      chunk = new byte[Math.max(CHUNK, length)];
      chunks.add(chunk);
      used = 0;
    }
    if (count == index.length) {
      index = Arrays.copyOf(index, count + (count >> 1));
    }
    index[count++] = ((long) (chunks.size() - 1) << 32) | used;
    putInt(key.size());
    putInt(canonical.size());
    key.copyTo(chunk, used);
    used += key.size();
    canonical.copyTo(chunk, used);
    used += canonical.size();
  }

  private void trim() {
    chunk = Arrays.copyOf(chunk, used);
    chunks.set(chunks.size() - 1, chunk);
  }

  private void putInt(int value) {
    chunk[used++] = (byte) (value >>> 24);
    chunk[used++] = (byte) (value >>> 16);
    chunk[used++] = (byte) (value >>> 8);
    chunk[used++] = (byte) value;
  }

  private static int getInt(byte[] from, int at) {
    return (from[at] & 0xff) << 24
        | (from[at + 1] & 0xff) << 16
        | (from[at + 2] & 0xff) << 8
        | (from[at + 3] & 0xff);
  }

  /** Takes over what other workers gathered; they must not be used afterwards. */
  static Harvest of(Collection<Harvest> parts) {
    Harvest all = new Harvest();
    for (Harvest part : parts) {
      if (part.count > 0) {
        part.trim();
      }
      long base = (long) all.chunks.size() << 32;
      all.chunks.addAll(part.chunks);
      all.index = Arrays.copyOf(all.index, all.count + part.count);
      for (int i = 0; i < part.count; i++) {
        all.index[all.count++] = part.index[i] + base;
      }
    }
    all.sort();
    return all;
  }

  /** Number of entries. */
  public int size() {
    return count;
  }

  /** Merge sort over the index; the keys stay where they are. */
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
    int xAt = (int) a;
    int yAt = (int) b;
    return Arrays.compareUnsigned(
        x, xAt + 8, xAt + 8 + getInt(x, xAt), y, yAt + 8, yAt + 8 + getInt(y, yAt));
  }

  private Entry entry(long at) {
    byte[] bytes = chunks.get((int) (at >>> 32));
    int offset = (int) at;
    int key = getInt(bytes, offset);
    int canonical = getInt(bytes, offset + 4);
    return new Entry(
        FactKey.file(ByteString.copyFrom(bytes, offset + 8, key)),
        ByteString.copyFrom(bytes, offset + 8 + key, canonical));
  }

  /** The entries, strictly ascending by key. */
  @Override
  public Iterator<Entry> iterator() {
    return new Iterator<>() {
      private int next;
      private @Nullable Entry ahead = advance(null);

      private @Nullable Entry advance(@Nullable Entry previous) {
        // A name that a directory listed twice while it was being changed: the first look stands.
        while (next < count) {
          Entry entry = entry(index[next++]);
          if (previous == null || !previous.key().equals(entry.key())) {
            return entry;
          }
        }
        return null;
      }

      @Override
      public boolean hasNext() {
        return ahead != null;
      }

      @Override
      public Entry next() {
        Entry entry = ahead;
        if (entry == null) {
          throw new NoSuchElementException();
        }
        ahead = advance(entry);
        return entry;
      }
    };
  }
}
