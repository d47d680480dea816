package io.patina.packing;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records in the order in which they were added, in compressed blocks; safe for threads. In a block
 * each record is preceded by its length as a varint, so that the unpacked blocks in a row are a
 * length-delimited stream.
 *
 * <p>A record that is given out shares its block's bytes: whoever keeps one for long copies it.
 */
public final class PackedRecords {
  /** Unpacked bytes of a block: enough to compress well, few enough to unpack for one record. */
  private static final int BLOCK = 16 * 1024;

  /** Blocks kept unpacked, because what is asked for next is mostly near. */
  private static final int OPENED = 8;

  private final Block[] blocks;
  private final int size;
  private final long bytes;
  private final AtomicReferenceArray<Block.@Nullable Opened> opened =
      new AtomicReferenceArray<>(OPENED);

  private PackedRecords(List<Block> blocks, int size, long bytes) {
    this.blocks = blocks.toArray(Block[]::new);
    this.size = size;
    this.bytes = bytes;
  }

  /** Number of records. */
  public int size() {
    return size;
  }

  /** Bytes of the unpacked stream, lengths included. */
  public long bytes() {
    return bytes;
  }

  /** Bytes of the packed blocks, without the index. */
  public long packedBytes() {
    long sum = 0;
    for (Block b : blocks) {
      sum += b.packedBytes();
    }
    return sum;
  }

  /** The record at a position from 0. */
  public ByteString get(int position) {
    return open(blockOf(position)).record(position);
  }

  /**
   * Position of the first record that is not below what is looked for; {@link #size} if none.
   *
   * @param order negative for a record below what is looked for; the records ascend by it
   */
  public int position(ToIntFunction<ByteString> order) {
    int low = 0;
    int high = blocks.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order.applyAsInt(blocks[middle].first()) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return 0;
    }
    // The block before begins below it: it is in there, or at the beginning of this one.
    Block.Opened in = open(low - 1);
    int from = in.block().start() + 1;
    int to = in.block().end();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (order.applyAsInt(in.record(middle)) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** The records from a position on. */
  public Iterator<ByteString> from(int position) {
    return new Records(position);
  }

  /** Writes the unpacked stream. */
  public void writeTo(OutputStream out) throws IOException {
    for (Block b : blocks) {
      out.write(b.unpack());
    }
  }

  private int blockOf(int position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException(position);
    }
    int low = 0;
    int high = blocks.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (blocks[middle].start() <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private Block.Opened open(int number) {
    Block.Opened recent = opened.get(number % OPENED);
    if (recent != null && recent.block() == blocks[number]) {
      return recent;
    }
    Block.Opened fresh = blocks[number].open();
    opened.set(number % OPENED, fresh);
    return fresh;
  }

  private final class Records implements Iterator<ByteString> {
    private int next;
    private int number;
    private Block.@Nullable Opened at;

    Records(int position) {
      this.next = position;
      this.number = position < size ? blockOf(position) : blocks.length;
    }

    @Override
    public boolean hasNext() {
      return next < size;
    }

    @Override
    public ByteString next() {
      if (next >= size) {
        throw new NoSuchElementException();
      }
      Block.Opened in = at;
      if (in == null || next == in.block().end()) {
        // Not kept for others: a pass over everything would push out what they look at.
        in = blocks[number++].open();
        at = in;
      }
      return in.record(next++);
    }
  }

  /** Packs records as they come. Not safe for several threads. */
  public static final class Builder {
    private final List<Block> blocks = new ArrayList<>();
    private final Optional<MessageDigest> over;
    private final Scratch.Space space;
    private byte[] buffer = new byte[BLOCK];
    private int used;
    private int count;
    private int size;
    private long bytes;

    public Builder(Scratch scratch) {
      this(scratch, Optional.empty());
    }

    /**
     * Packs, and digests on the way.
     *
     * @param over is updated with the unpacked stream; complete after {@link #build}
     */
    public Builder(Scratch scratch, Optional<MessageDigest> over) {
      this(scratch.open(), over);
    }

    /** The same in a space that others fill too. */
    Builder(Scratch.Space space) {
      this(space, Optional.empty());
    }

    private Builder(Scratch.Space space, Optional<MessageDigest> over) {
      this.space = space;
      this.over = over;
    }

    /** Puts all records of another in front, sharing its memory. Only before the first record. */
    public void begin(PackedRecords other) {
      if (size > 0) {
        throw new IllegalStateException("records were added already");
      }
      for (Block b : other.blocks) {
        blocks.add(b);
        over.ifPresent(d -> d.update(b.unpack()));
      }
      size = other.size;
      bytes = other.bytes;
    }

    public void add(ByteString record) {
      int length = record.size();
      int needed = Varint.bytes(length) + length;
      if (used > 0 && used + needed > BLOCK) {
        pack();
      }
      if (needed > buffer.length) {
        buffer = new byte[needed];
      }
      used = Varint.write(length, buffer, used);
      record.copyTo(buffer, used);
      used += length;
      count++;
      size++;
    }

    private void pack() {
      over.ifPresent(d -> d.update(buffer, 0, used));
      blocks.add(Block.of(buffer, used, size - count, count, space));
      bytes += used;
      used = 0;
      count = 0;
      if (buffer.length > BLOCK) {
        buffer = new byte[BLOCK];
      }
    }

    public PackedRecords build() {
      if (count > 0) {
        pack();
      }
      return new PackedRecords(blocks, size, bytes);
    }

    /** The blocks alone, for those who read them once and let go. */
    List<Block> blocks() {
      if (count > 0) {
        pack();
      }
      return blocks;
    }
  }
}
