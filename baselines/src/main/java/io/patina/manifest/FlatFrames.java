package io.patina.manifest;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.ToIntFunction;

/** The canonical bytes in one piece and the offset of each entry's length: any entry at once. */
final class FlatFrames implements Frames {
  private final ByteString canonical;
  private final int[] offsets;

  private FlatFrames(ByteString canonical, int[] offsets) {
    this.canonical = canonical;
    this.offsets = offsets;
  }

  ByteString canonical() {
    return canonical;
  }

  /** Gathers the offsets. */
  static final class Index {
    private int[] offsets = new int[1024];
    private int count;

    void add(int offset) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count * 2);
      }
      offsets[count++] = offset;
    }

    FlatFrames over(ByteString canonical) {
      return new FlatFrames(canonical, Arrays.copyOf(offsets, count));
    }
  }

  @Override
  public int size() {
    return offsets.length;
  }

  @Override
  public ByteString get(int position) {
    int length = 0;
    int shift = 0;
    int at = offsets[position];
    byte b;
    do {
      b = canonical.byteAt(at++);
      length |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return canonical.substring(at, at + length);
  }

  @Override
  public int position(ToIntFunction<ByteString> order) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order.applyAsInt(get(middle)) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public Iterator<ByteString> from(int position) {
    return new Iterator<>() {
      private int next = position;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public ByteString next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return get(next++);
      }
    };
  }

  @Override
  public long bytes() {
    return canonical.size();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    canonical.writeTo(out);
  }
}
