package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.imports.InvalidImportException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where in a file the bytes of an archive belong; between the pieces are zeros.
 *
 * @param size of the file
 * @param pieces offset and length, ascending
 */
record SparseMap(long size, List<long[]> pieces) {

  private static final int MAX_PIECES = 1 << 20;

  /** Gives the next byte of the entry's content. */
  interface Content {
    int next() throws IOException;
  }

  /** Gives the next block of the archive. */
  interface Blocks {
    TarHeader next() throws IOException;
  }

  /** How many bytes the archive holds of the file. */
  long stored() {
    return pieces.stream().mapToLong(p -> p[1]).sum();
  }

  /** GNU's old format: four pieces in the header, 21 in each block that follows. */
  static SparseMap old(TarHeader header, Blocks blocks, String where)
      throws IOException, InvalidImportException {
    List<Long> numbers = new ArrayList<>();
    numbers(header, 386, 4, numbers);
    boolean more = header.flag(482);
    while (more) {
      TarHeader block = blocks.next();
      numbers(block, 0, 21, numbers);
      more = block.flag(504);
      bound(numbers.size() / 2L, where);
    }
    return of(header.number(483, 12, "size"), numbers, where);
  }

  private static void numbers(TarHeader block, int from, int pieces, List<Long> out)
      throws InvalidImportException {
    for (int i = 0; i < pieces; i++) {
      int at = from + 24 * i;
      if (block.flag(at) || block.flag(at + 12)) {
        out.add(block.number(at, 12, "offset"));
        out.add(block.number(at + 12, 12, "length"));
      }
    }
  }

  /** GNU's formats 0.0, 0.1 and 1.0 in pax; a plain file if there is none of them. */
  static SparseMap pax(
      Map<String, ByteString> records,
      List<Long> repeated,
      long stored,
      Content content,
      String where)
      throws IOException, InvalidImportException {
    ByteString major = records.remove("GNU.sparse.major");
    ByteString minor = records.remove("GNU.sparse.minor");
    ByteString realSize = records.remove("GNU.sparse.realsize");
    ByteString oldSize = records.remove("GNU.sparse.size");
    ByteString map = records.remove("GNU.sparse.map");
    records.remove("GNU.sparse.numblocks");
    if (major != null && minor != null && realSize != null) {
      if (!major.toStringUtf8().equals("1") || !minor.toStringUtf8().equals("0")) {
        throw new InvalidImportException(where + ": a sparse format that is not known here");
      }
      return of(PaxRecords.number(realSize, where), inContent(content, where), where);
    }
    if (oldSize == null) {
      return new SparseMap(stored, stored == 0 ? List.of() : List.of(new long[] {0, stored}));
    }
    List<Long> numbers = new ArrayList<>(repeated);
    if (map != null) {
      for (String number : map.toStringUtf8().split(",", -1)) {
        numbers.add(PaxRecords.number(ByteString.copyFromUtf8(number), where));
      }
    }
    return of(PaxRecords.number(oldSize, where), numbers, where);
  }

  /** Decimal numbers, one per line, first how many pieces; filled up to a block. */
  private static List<Long> inContent(Content content, String where)
      throws IOException, InvalidImportException {
    long[] read = new long[1];
    long pieces = line(content, read, where);
    bound(pieces, where);
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < 2 * pieces; i++) {
      numbers.add(line(content, read, where));
    }
    while (read[0] % 512 != 0) {
      read[0]++;
      content.next();
    }
    return numbers;
  }

  private static long line(Content content, long[] read, String where)
      throws IOException, InvalidImportException {
    StringBuilder digits = new StringBuilder();
    while (true) {
      int b = content.next();
      read[0]++;
      if (b == '\n') {
        return PaxRecords.number(ByteString.copyFromUtf8(digits.toString()), where);
      }
      if (digits.length() > 20) {
        throw new InvalidImportException(where + ": the map of a sparse file is malformed");
      }
      digits.append((char) b);
    }
  }

  private static void bound(long pieces, String where) throws InvalidImportException {
    if (pieces > MAX_PIECES) {
      throw new InvalidImportException(where + ": a sparse file of over " + MAX_PIECES + " pieces");
    }
  }

  private static SparseMap of(long size, List<Long> numbers, String where)
      throws InvalidImportException {
    List<long[]> pieces = new ArrayList<>();
    long end = 0;
    boolean fits = numbers.size() % 2 == 0;
    for (int i = 0; fits && i < numbers.size(); i += 2) {
      long offset = numbers.get(i);
      long length = numbers.get(i + 1);
      fits = offset >= end && length <= size - offset;
      end = offset + length;
      if (fits && length > 0) {
        pieces.add(new long[] {offset, length});
      }
    }
    if (!fits) {
      throw new InvalidImportException(where + ": the map of a sparse file is malformed");
    }
    return new SparseMap(size, List.copyOf(pieces));
  }
}
