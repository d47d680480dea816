package io.patina.collector.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.zip.CRC32C;

/** Number of the first record that is not acknowledged: 8 bytes and their CRC32C, overwritten. */
final class ReadPosition implements AutoCloseable {
  private static final int BYTES = 12;

  private final FileChannel channel;
  private long next;

  private ReadPosition(FileChannel channel, long next) {
    this.channel = channel;
    this.next = next;
  }

  /** Reads it; 1 where it is missing or torn, which only means that records are sent twice. */
  static ReadPosition open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    int n = channel.read(bytes, 0);
    boolean whole = n == BYTES && checksum(bytes.getLong(0)) == bytes.getInt(8);
    ReadPosition position = new ReadPosition(channel, whole ? Math.max(1, bytes.getLong(0)) : 1);
    if (!whole) {
      // Takes its place on the disk now: later, when the disk is full, it only overwrites.
      position.advance(position.next);
    }
    return position;
  }

  long next() {
    return next;
  }

  void advance(long to) throws IOException {
    next = to;
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(to).putInt(checksum(to)).flip();
    int n = channel.write(bytes, 0);
    if (n != BYTES) {
      throw new IOException("wrote " + n + " of " + BYTES + " bytes of the read position");
    }
  }

  private static int checksum(long value) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).putLong(value).flip());
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
