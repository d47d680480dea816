package io.patina.packing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes records in any order and gives them back ascending by the unsigned bytes of their key, of
 * equal keys in the order in which they came. Half a megabyte at a time is sorted and packed into a
 * run; the runs are merged at the end. Not safe for several threads.
 */
public final class SortedRecords {
  private static final int RUN = 512 * 1024;

  /** Where the key of a record is. */
  public interface Keys {
    /** Offset of the key in a record that begins at an offset. */
    int at(byte[] bytes, int record);

    /** Length of the key. */
    int length(byte[] bytes, int record);
  }

  private record Waiting(int at, int length, int keyAt, int keyLength) {}

  private final Keys keys;
  private final Scratch.Space space;
  private final List<List<Block>> runs = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private byte[] buffer = new byte[0];
  private int used;
  private int size;

  public SortedRecords(Keys keys, Scratch scratch) {
    this.keys = keys;
    this.space = scratch.open();
  }

  public void add(ByteString record) {
    int length = record.size();
    if (used + length > buffer.length) {
      run();
      if (buffer.length < Math.max(RUN, length)) {
        buffer = new byte[Math.max(RUN, length)];
      }
    }
    record.copyTo(buffer, used);
    waiting.add(new Waiting(used, length, keys.at(buffer, used), keys.length(buffer, used)));
    used += length;
    size++;
  }

  /** Number of records added. */
  public int size() {
    return size;
  }

  private void run() {
    if (waiting.isEmpty()) {
      return;
    }
    byte[] in = buffer;
    // Stable, and quick where neighbours are in order already, as names of one directory are.
    waiting.sort(
        (a, b) ->
            Arrays.compareUnsigned(
                in,
                a.keyAt(),
                a.keyAt() + a.keyLength(),
                in,
                b.keyAt(),
                b.keyAt() + b.keyLength()));
    PackedRecords.Builder packing = new PackedRecords.Builder(space);
    for (Waiting w : waiting) {
      packing.add(UnsafeByteOperations.unsafeWrap(in, w.at(), w.length()));
    }
    runs.add(packing.blocks());
    waiting.clear();
    used = 0;
  }

  /** Everything sorted; lets go of the memory on the way, so that it can be done once. */
  public Iterator<ByteString> drain() {
    return drain(List.of(this));
  }

  /** The same for the records of several with the same keys; of equal keys the earlier first. */
  public static Iterator<ByteString> drain(Collection<SortedRecords> parts) {
    List<Head> heads = new ArrayList<>();
    for (SortedRecords part : parts) {
      part.run();
      part.buffer = new byte[0];
      for (List<Block> run : part.runs) {
        Head head = new Head(part.keys, heads.size(), run);
        if (head.step()) {
          heads.add(head);
        }
      }
      part.runs.clear();
      part.size = 0;
    }
    return new Merged(new PriorityQueue<>(heads));
  }

  /** The next record of one run. */
  private static final class Head implements Comparable<Head> {
    private final Keys keys;
    private final int number;
    private final ArrayDeque<Block> rest;
    private Block.@Nullable Opened at;
    private int next;
    private ByteString record = ByteString.EMPTY;
    private ByteString key = ByteString.EMPTY;

    Head(Keys keys, int number, List<Block> run) {
      this.keys = keys;
      this.number = number;
      this.rest = new ArrayDeque<>(run);
    }

    boolean step() {
      Block.Opened in = at;
      if (in == null || next == in.block().end()) {
        Block block = rest.poll();
        if (block == null) {
          at = null;
          return false;
        }
        in = block.open();
        at = in;
        next = block.start();
      }
      byte[] bytes = in.record(next++).toByteArray();
      key = UnsafeByteOperations.unsafeWrap(bytes, keys.at(bytes, 0), keys.length(bytes, 0));
      record = UnsafeByteOperations.unsafeWrap(bytes);
      return true;
    }

    @Override
    public int compareTo(Head other) {
      int byKey = ByteString.unsignedLexicographicalComparator().compare(key, other.key);
      return byKey != 0 ? byKey : Integer.compare(number, other.number);
    }
  }

  private static final class Merged implements Iterator<ByteString> {
    private final PriorityQueue<Head> heads;

    Merged(PriorityQueue<Head> heads) {
      this.heads = heads;
    }

    @Override
    public boolean hasNext() {
      return !heads.isEmpty();
    }

    @Override
    public ByteString next() {
      Head least = heads.poll();
      if (least == null) {
        throw new NoSuchElementException();
      }
      ByteString record = least.record;
      if (least.step()) {
        heads.add(least);
      }
      return record;
    }
  }
}
