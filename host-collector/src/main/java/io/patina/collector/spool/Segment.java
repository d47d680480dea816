package io.patina.collector.spool;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One file of the spool: frames of length (4 bytes, big-endian), CRC32C over length and content
 * (4), content. Numbers are consecutive from the first, which is the file's name. Guarded by the
 * spool.
 */
final class Segment implements AutoCloseable {
  static final String SUFFIX = ".segment";
  static final int HEADER_BYTES = 8;

  /** Nothing longer is ever written; a longer length is damage. */
  private static final int MAX_CONTENT = 4 * 1024 * 1024;

  final Path file;
  final long first;
  private final FileChannel channel;
  private long records;
  private long bytes;

  private Segment(Path file, long first, FileChannel channel) {
    this.file = file;
    this.first = first;
    this.channel = channel;
  }

  /** A new segment; what a failed write left under its name is overwritten. */
  static Segment create(Path directory, long first) throws IOException {
    Path file = directory.resolve(String.format("%020d", first) + SUFFIX);
    FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new Segment(file, first, channel);
  }

  /** An existing segment, up to its last whole record. */
  static Segment open(Path file) throws IOException {
    String name = file.getFileName().toString();
    long first = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    Segment segment = new Segment(file, first, FileChannel.open(file, StandardOpenOption.READ));
    Optional<ByteString> content = segment.read(0);
    while (content.isPresent()) {
      segment.records++;
      segment.bytes += HEADER_BYTES + content.get().size();
      content = segment.read(segment.bytes);
    }
    return segment;
  }

  long records() {
    return records;
  }

  /** Bytes of whole records. */
  long bytes() {
    return bytes;
  }

  /** Number of the record after the last. */
  long end() {
    return first + records;
  }

  /** Whether the file goes on after the last whole record. */
  boolean isDamaged() throws IOException {
    return channel.size() > bytes;
  }

  /** Appends without forcing; the frame counts only after {@link #commit}. */
  long write(long at, ByteBuffer content) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + content.remaining());
    frame.putInt(content.remaining()).putInt(checksum(content)).put(content).flip();
    long end = at;
    while (frame.hasRemaining()) {
      end += channel.write(frame, end);
    }
    return end;
  }

  /** Forces what was written to disk, and counts it. */
  void commit(long end, int written) throws IOException {
    channel.force(false);
    bytes = end;
    records += written;
  }

  /** Takes back what was written and not committed. */
  void rollback() throws IOException {
    channel.truncate(bytes);
  }

  /** The content of the frame at an offset; empty where there is no whole frame. */
  Optional<ByteString> read(long at) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    if (!fill(header, at)) {
      return Optional.empty();
    }
    int length = header.getInt(0);
    if (length < 0 || length > MAX_CONTENT) {
      return Optional.empty();
    }
    ByteBuffer content = ByteBuffer.allocate(length);
    if (!fill(content, at + HEADER_BYTES)) {
      return Optional.empty();
    }
    content.flip();
    return checksum(content) == header.getInt(4)
        ? Optional.of(UnsafeByteOperations.unsafeWrap(content))
        : Optional.empty();
  }

  private boolean fill(ByteBuffer target, long from) throws IOException {
    long at = from;
    while (target.hasRemaining()) {
      int n = channel.read(target, at);
      if (n < 0) {
        return false;
      }
      at += n;
    }
    return true;
  }

  private static int checksum(ByteBuffer content) {
    CRC32C crc = new CRC32C();
    int length = content.remaining();
    crc.update(length >>> 24);
    crc.update(length >>> 16);
    crc.update(length >>> 8);
    crc.update(length);
    crc.update(content.duplicate());
    return (int) crc.getValue();
  }

  void delete() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
