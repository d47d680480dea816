package io.patina.manifest;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entries that come in any order, kept as their bytes in few large pieces until they are sorted: an
 * entry costs its canonical bytes and 16 more, where objects would cost three times that. Not safe
 * for use by several threads.
 */
public final class EntrySorter {

  /** Larger than the largest entry, so that each lies in one piece. */
  private static final int PIECE = 1 << 20;

  private final List<byte[]> pieces = new ArrayList<>();
  private final long maxBytes;
  private long[] places = new long[1024];
  private int count;
  private int used = PIECE;

  /** A sorter that takes as much as a manifest file may hold. */
  public EntrySorter() {
    this(ManifestFile.MAX_BYTES);
  }

  /**
   * @param maxBytes most canonical bytes taken in all
   */
  public EntrySorter(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes an entry.
   *
   * @return its position, counted from 0
   * @throws MalformedManifestException if the entries become too many bytes
   */
  public int add(Entry entry) throws MalformedManifestException {
    int size = entry.canonical().size();
    if (PIECE - used < size) {
      if ((long) pieces.size() * PIECE >= maxBytes) {
        throw new MalformedManifestException("the entries are over " + maxBytes + " bytes");
      }
      pieces.add(new byte[PIECE]);
      used = 0;
    }
    if (count == places.length) {
      places = Arrays.copyOf(places, count * 2);
    }
    entry.canonical().copyTo(pieces.getLast(), used);
    // Piece, start and length in one number: 24, 20 and 20 bits.
    places[count] = (long) (pieces.size() - 1) << 40 | (long) used << 20 | size;
    used += size;
    return count++;
  }

  public int size() {
    return count;
  }

  /** The entry taken at a position. */
  public Entry get(int position) {
    ByteString canonical = bytes(position);
    return new Entry(Manifest.key(canonical), canonical);
  }

  /** The key of the entry taken at a position. */
  public FactKey key(int position) {
    return Manifest.key(bytes(position));
  }

  /** All positions by key; those of one key in the order in which they came. */
  public int[] order() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, this::compare);
    int[] out = new int[count];
    Arrays.setAll(out, i -> order[i]);
    return out;
  }

  /** The manifest of all entries; of several with one key the one that came last. */
  public Manifest build(Digest scope) {
    ManifestBuilder builder = new ManifestBuilder(scope);
    int[] order = order();
    for (int i = 0; i < order.length; i++) {
      Entry entry = get(order[i]);
      if (i + 1 == order.length || !key(order[i + 1]).equals(entry.key())) {
        builder.add(entry);
      }
    }
    return builder.build();
  }

  /** The order of keys, on the bytes: parsing two keys per comparison would be most of a sort. */
  private int compare(int left, int right) {
    byte[] a = pieces.get((int) (places[left] >>> 40));
    byte[] b = pieces.get((int) (places[right] >>> 40));
    // An entry begins with its facet: tag, length in one byte (at most 32), text in ASCII.
    int fromA = start(left) + 2;
    int fromB = start(right) + 2;
    int toA = fromA + a[fromA - 1];
    int toB = fromB + b[fromB - 1];
    int byFacet = Arrays.compareUnsigned(a, fromA, toA, b, fromB, toB);
    if (byFacet != 0) {
      return byFacet;
    }
    // Then the key: tag, length in one or two bytes (at most 8192), bytes.
    int keyA = toA + (a[toA + 1] < 0 ? 3 : 2);
    int keyB = toB + (b[toB + 1] < 0 ? 3 : 2);
    return Arrays.compareUnsigned(
        a, keyA, keyA + length(a, toA + 1), b, keyB, keyB + length(b, toB + 1));
  }

  private static int length(byte[] bytes, int at) {
    return bytes[at] >= 0 ? bytes[at] : (bytes[at] & 0x7f) | bytes[at + 1] << 7;
  }

  private int start(int position) {
    return (int) (places[position] >>> 20) & 0xfffff;
  }

  private ByteString bytes(int position) {
    long place = places[position];
    byte[] piece = pieces.get((int) (place >>> 40));
    return com.google.protobuf.UnsafeByteOperations.unsafeWrap(
        piece, start(position), (int) place & 0xfffff);
  }
}
