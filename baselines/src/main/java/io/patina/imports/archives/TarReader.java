package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.facts.Escaped;
import io.patina.imports.InvalidImportException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tar archive as a stream: V7, ustar, GNU (long names, sparse files, binary numbers), pax.
 *
 * <p>Own code because names and extended attributes are bytes here, and the libraries for Java make
 * text of both. Formats: POSIX.1-2017 pax, "pax Interchange Format"; GNU tar manual, "Basic Tar
 * Format" and "Storing Sparse Files".
 */
final class TarReader {

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private PaxRecords global = PaxRecords.none();
  private long number;
  private long contentLeft;
  private long padding;
  private String where = "entry 1";

  /**
   * @param in should be buffered
   */
  TarReader(InputStream in) {
    this.in = in;
  }

  /** Names the entry that was read last, for messages. */
  String where() {
    return where;
  }

  /** The next file; empty after the last. */
  Optional<TarEntry> next() throws IOException, InvalidImportException {
    skip(contentLeft + padding);
    number++;
    where = "entry " + number;
    Optional<ByteString> longName = Optional.empty();
    Optional<ByteString> longLink = Optional.empty();
    PaxRecords records = PaxRecords.none();
    while (true) {
      TarHeader header = header();
      if (header.isZero()) {
        contentLeft = 0;
        padding = 0;
        return Optional.empty();
      }
      header.verify();
      switch (header.type()) {
        case 'x', 'X' -> records = PaxRecords.parse(extension(header), where);
        case 'g' -> global = PaxRecords.parse(extension(header), where).over(global);
        case 'L' -> longName = Optional.of(untilNul(extension(header)));
        case 'K' -> longLink = Optional.of(untilNul(extension(header)));
        // A label of the volume is no file.
        case 'V' -> skip(padded(header.size()));
        case 'M' ->
            throw new InvalidImportException(where + ": a volume of a larger archive is not read");
        default -> {
          return Optional.of(entry(header, longName, longLink, records.over(global)));
        }
      }
    }
  }

  private TarEntry entry(
      TarHeader header,
      Optional<ByteString> longName,
      Optional<ByteString> longLink,
      PaxRecords pax)
      throws IOException, InvalidImportException {
    Map<String, ByteString> records = new LinkedHashMap<>(pax.values());
    ByteString path = longName.orElse(header.path());
    path = Optional.ofNullable(records.remove("path")).orElse(path);
    path = Optional.ofNullable(records.remove("GNU.sparse.name")).orElse(path);
    ByteString shown = path.substring(0, Math.min(path.size(), 200));
    where = "entry " + number + " (" + Escaped.bytes(shown) + ")";
    ByteString link =
        Optional.ofNullable(records.remove("linkpath")).orElse(longLink.orElse(header.link()));
    char type = type(header.type(), path);
    boolean hasContent = type == TarEntry.REGULAR;
    long stored = number(records, "size", header.size());
    // Links and special files have no content, whatever size some writers give them; the content
    // of a type that is not known here, or of GNU's list of a directory, is passed over.
    boolean bare = type >= TarEntry.HARD_LINK && type <= TarEntry.FIFO && header.type() != 'D';
    contentLeft = bare ? 0 : stored;
    padding = bare ? 0 : padded(stored) - stored;
    SparseMap sparse =
        !hasContent
            ? new SparseMap(0, List.of())
            : header.type() == 'S'
                ? SparseMap.old(header, this::header, where)
                : SparseMap.pax(records, pax.sparse(), stored, this::mapByte, where);
    if (hasContent && sparse.stored() != contentLeft) {
      throw new InvalidImportException(
          where + ": the map of a sparse file does not fit its content");
    }
    return new TarEntry(
        number,
        path,
        link,
        type,
        header.mode(),
        number(records, "uid", header.uid()),
        number(records, "gid", header.gid()),
        sparse.size(),
        contentLeft,
        header.major(),
        header.minor(),
        sparse.pieces(),
        records);
  }

  private char type(char flag, ByteString path) {
    return switch (flag) {
      case '1', '2', '3', '4', '5', '6' -> flag;
      case 'D' -> TarEntry.DIRECTORY;
      case 0, '0' ->
          !path.isEmpty() && path.byteAt(path.size() - 1) == '/'
              ? TarEntry.DIRECTORY
              : TarEntry.REGULAR;
      // POSIX: what is not known is a regular file.
      default -> TarEntry.REGULAR;
    };
  }

  /**
   * Reads the content of the entry that {@link #next} gave last, with zeros for its holes.
   *
   * @throws IOException if the archive ends before it
   */
  void digest(TarEntry entry, MessageDigest sha256, MessageDigest md5) throws IOException {
    long at = 0;
    for (long[] piece : entry.data()) {
      zeros(piece[0] - at, sha256, md5);
      long left = piece[1];
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw cut();
        }
        sha256.update(buffer, 0, n);
        md5.update(buffer, 0, n);
        left -= n;
        contentLeft -= n;
      }
      at = piece[0] + piece[1];
    }
    zeros(entry.size() - at, sha256, md5);
  }

  /** The whole content of the entry that {@link #next} gave last; for documents. */
  ByteString content(TarEntry entry, long most) throws IOException, InvalidImportException {
    if (entry.stored() > most) {
      throw new InvalidImportException(where + ": over " + most + " bytes");
    }
    ByteString content = ByteString.copyFrom(in.readNBytes((int) entry.stored()));
    if (content.size() < entry.stored()) {
      throw cut();
    }
    contentLeft = 0;
    return content;
  }

  /** Reads what is behind the end, so that a digest covers it. */
  void drain() throws IOException {
    while (in.read(buffer) >= 0) {
      // Filled with zeros, as a rule.
    }
  }

  private static void zeros(long count, MessageDigest sha256, MessageDigest md5) {
    byte[] none = new byte[(int) Math.min(count, 1 << 16)];
    for (long left = count; left > 0; left -= none.length) {
      int n = (int) Math.min(left, none.length);
      sha256.update(none, 0, n);
      md5.update(none, 0, n);
    }
  }

  private TarHeader header() throws IOException {
    byte[] block = in.readNBytes(TarHeader.SIZE);
    if (block.length < TarHeader.SIZE) {
      throw cut();
    }
    return new TarHeader(block, where);
  }

  private ByteString extension(TarHeader header) throws IOException, InvalidImportException {
    long size = header.size();
    if (size > PaxRecords.MAX) {
      throw new InvalidImportException(
          where + ": an extended header of " + size + " bytes; at most " + PaxRecords.MAX);
    }
    byte[] content = in.readNBytes((int) size);
    if (content.length < size) {
      throw cut();
    }
    skip(padded(size) - size);
    return ByteString.copyFrom(content);
  }

  /** One byte of a map that stands before the content. */
  private int mapByte() throws IOException {
    int b = contentLeft > 0 ? in.read() : -1;
    if (b < 0) {
      throw cut();
    }
    contentLeft--;
    return b;
  }

  private void skip(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (java.io.EOFException e) {
      throw new IOException(cut().getMessage(), e);
    }
  }

  private IOException cut() {
    return new IOException(where + ": the archive ends here; it is cut off");
  }

  private long number(Map<String, ByteString> records, String key, long otherwise)
      throws InvalidImportException {
    ByteString value = records.remove(key);
    return value == null ? otherwise : PaxRecords.number(value, where);
  }

  private static ByteString untilNul(ByteString text) {
    int end = 0;
    while (end < text.size() && text.byteAt(end) != 0) {
      end++;
    }
    return text.substring(0, end);
  }

  /** With what fills the last block; a size near the largest long stays below zero for nobody. */
  private static long padded(long size) {
    return size > Long.MAX_VALUE - 1024 ? size : (size + 511) / 512 * 512;
  }
}
