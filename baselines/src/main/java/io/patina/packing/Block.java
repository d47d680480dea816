package io.patina.packing;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some records in a row, compressed; the first of them also as it is, for searching. Immutable. */
final class Block {
  private static final int LEVEL = 3;

  private final byte @Nullable [] packed;
  private final Scratch.Space space;
  private final long at;
  private final int packedLength;
  private final int length;
  private final int start;
  private final int count;
  private final ByteString first;

  private Block(
      byte[] packed, Scratch.Space space, int length, int start, int count, ByteString first) {
    this.space = space;
    this.at = space.put(packed);
    this.packed = at < 0 ? packed : null;
    this.packedLength = packed.length;
    this.length = length;
    this.start = start;
    this.count = count;
    this.first = first;
  }

  /**
   * Packs length-delimited records.
   *
   * @param length bytes of the buffer that are taken
   * @param start position of the first record among all
   * @param count of records, at least one
   */
  static Block of(byte[] buffer, int length, int start, int count, Scratch.Space space) {
    int record = Varint.read(buffer, 0);
    ByteString first = ByteString.copyFrom(buffer, Varint.bytes(record), record);
    byte[] packed = new byte[(int) Zstd.compressBound(length)];
    long result = Zstd.compressByteArray(packed, 0, packed.length, buffer, 0, length, LEVEL);
    if (Zstd.isError(result)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(result));
    }
    return new Block(Arrays.copyOf(packed, (int) result), space, length, start, count, first);
  }

  /** Position of the first record among all. */
  int start() {
    return start;
  }

  /** Position behind the last. */
  int end() {
    return start + count;
  }

  int count() {
    return count;
  }

  ByteString first() {
    return first;
  }

  int packedBytes() {
    return packedLength;
  }

  /** The records, each with its length before it. */
  byte[] unpack() {
    byte[] here = packed;
    return Zstd.decompress(here == null ? space.get(at, packedLength) : here, length);
  }

  Opened open() {
    byte[] bytes = unpack();
    int[] starts = new int[count];
    int at = 0;
    for (int i = 0; i < count; i++) {
      starts[i] = at;
      int record = Varint.read(bytes, at);
      at += Varint.bytes(record) + record;
    }
    return new Opened(this, bytes, starts);
  }

  /** A block unpacked, and where each record begins. */
  static final class Opened {
    private final Block block;
    private final byte[] bytes;
    private final int[] starts;

    private Opened(Block block, byte[] bytes, int[] starts) {
      this.block = block;
      this.bytes = bytes;
      this.starts = starts;
    }

    Block block() {
      return block;
    }

    /** The record at a position among all; it shares these bytes. */
    ByteString record(int position) {
      int at = starts[position - block.start];
      int length = Varint.read(bytes, at);
      return UnsafeByteOperations.unsafeWrap(bytes, at + Varint.bytes(length), length);
    }
  }
}
