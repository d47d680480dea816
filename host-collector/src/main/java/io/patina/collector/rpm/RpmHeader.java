package io.patina.collector.rpm;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One header blob as the database stores it: big-endian counts {@code il} and {@code dl}, {@code
 * il} index entries of 16 bytes (tag, type, offset, count), {@code dl} bytes of data.
 *
 * <p>Nothing is believed: every offset and count is checked against the blob, whose length bounds
 * all memory used. A tag that is there twice counts once, the first.
 */
final class RpmHeader {

  /** As rpm's own limits (hdrchkTags, hdrchkData). */
  private static final int MAX_TAGS = 0xffff;

  private static final int MAX_DATA = 256 << 20;

  private static final int CHAR = 1;
  private static final int INT8 = 2;
  private static final int INT16 = 3;
  private static final int INT32 = 4;
  private static final int INT64 = 5;
  private static final int STRING = 6;
  private static final int BIN = 7;
  private static final int STRING_ARRAY = 8;
  private static final int I18N = 9;

  private record Index(int type, int offset, int count) {}

  private final byte[] blob;
  private final int data;
  private final Map<Integer, Index> index;

  private RpmHeader(byte[] blob, int data, Map<Integer, Index> index) {
    this.blob = blob;
    this.data = data;
    this.index = index;
  }

  /**
   * Takes a blob apart. It is not copied.
   *
   * @throws MalformedHeaderException if it is not of the form
   */
  static RpmHeader parse(byte[] blob) throws MalformedHeaderException {
    if (blob.length < 8) {
      throw new MalformedHeaderException("a header has at least 8 bytes, this one " + blob.length);
    }
    long tags = u32(blob, 0);
    long length = u32(blob, 4);
    if (tags > MAX_TAGS || length > MAX_DATA || 8 + 16 * tags + length > blob.length) {
      throw new MalformedHeaderException(
          "the header claims " + tags + " tags and " + length + " bytes of data");
    }
    int data = (int) (8 + 16 * tags);
    Map<Integer, Index> index = new HashMap<>();
    for (int i = 0; i < tags; i++) {
      int at = 8 + 16 * i;
      int tag = (int) u32(blob, at);
      int type = (int) u32(blob, at + 4);
      long offset = u32(blob, at + 8);
      long count = u32(blob, at + 12);
      if (type == 0 || offset >= Integer.MAX_VALUE) {
        // Region trailers may point before the data; no tag read here does.
        continue;
      }
      long least = size(type);
      if (offset > length || count > length || least == 0 || offset + count * least > length) {
        throw new MalformedHeaderException("tag " + tag + " reaches beyond the data");
      }
      index.putIfAbsent(tag, new Index(type, (int) offset, (int) count));
    }
    return new RpmHeader(bounded(blob, data, (int) length), data, index);
  }

  /** The bytes up to the end of the data: what follows belongs to nobody. */
  private static byte[] bounded(byte[] blob, int data, int length) {
    return blob.length == data + length ? blob : java.util.Arrays.copyOf(blob, data + length);
  }

  boolean has(int tag) {
    return index.containsKey(tag);
  }

  /** Number of values of a tag; 0 without it. */
  int count(int tag) {
    Index entry = index.get(tag);
    return entry == null ? 0 : entry.count();
  }

  /** First value of a string tag. */
  Optional<String> string(int tag) throws MalformedHeaderException {
    List<ByteString> values = strings(tag);
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.getFirst().toString(StandardCharsets.UTF_8));
  }

  /** All values of a string tag, raw; empty without it. */
  List<ByteString> strings(int tag) throws MalformedHeaderException {
    Index entry = index.get(tag);
    if (entry == null) {
      return List.of();
    }
    if (entry.type() != STRING && entry.type() != STRING_ARRAY && entry.type() != I18N) {
      throw new MalformedHeaderException("tag " + tag + " holds no text");
    }
    int wanted = entry.type() == STRING ? 1 : entry.count();
    List<ByteString> values = new ArrayList<>(wanted);
    int at = data + entry.offset();
    for (int i = 0; i < wanted; i++) {
      int end = at;
      while (end < blob.length && blob[end] != 0) {
        end++;
      }
      if (end == blob.length) {
        throw new MalformedHeaderException("a text of tag " + tag + " has no end");
      }
      values.add(ByteString.copyFrom(blob, at, end - at));
      at = end + 1;
    }
    return values;
  }

  /** All values of an integer tag, unsigned except 64-bit ones; empty without it. */
  long[] numbers(int tag) throws MalformedHeaderException {
    Index entry = index.get(tag);
    if (entry == null) {
      return new long[0];
    }
    int width =
        switch (entry.type()) {
          case CHAR, INT8 -> 1;
          case INT16 -> 2;
          case INT32 -> 4;
          case INT64 -> 8;
          default -> throw new MalformedHeaderException("tag " + tag + " holds no numbers");
        };
    long[] values = new long[entry.count()];
    int at = data + entry.offset();
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < width; j++) {
        values[i] = values[i] << 8 | (blob[at++] & 0xff);
      }
    }
    return values;
  }

  private static int size(int type) {
    return switch (type) {
      case CHAR, INT8, STRING, BIN, STRING_ARRAY, I18N -> 1;
      case INT16 -> 2;
      case INT32 -> 4;
      case INT64 -> 8;
      default -> 0;
    };
  }

  private static long u32(byte[] bytes, int at) {
    return (bytes[at] & 0xffL) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
