package io.patina.collector.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.zip.CRC32C;

/**
 * A few numbers in a file that has its place on the disk from the beginning and is overwritten: it
 * can still be written when the disk is full. On disk: the numbers (8 bytes each, big-endian) and
 * their CRC32C.
 */
final class PlacedNumbers implements AutoCloseable {
  private final FileChannel channel;
  private final long[] numbers;

  private PlacedNumbers(FileChannel channel, long[] numbers) {
    this.channel = channel;
    this.numbers = numbers;
  }

  /** Reads them; as given where the file is missing or torn. */
  static PlacedNumbers open(Path file, long... otherwise) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    ByteBuffer bytes = ByteBuffer.allocate(otherwise.length * Long.BYTES + Integer.BYTES);
    int n = channel.read(bytes, 0);
    long[] found = new long[otherwise.length];
    bytes.flip();
    boolean whole = n == bytes.capacity();
    for (int i = 0; whole && i < found.length; i++) {
      found[i] = bytes.getLong();
    }
    if (whole && checksum(found) == bytes.getInt()) {
      return new PlacedNumbers(channel, found);
    }
    PlacedNumbers placed = new PlacedNumbers(channel, otherwise.clone());
    // Takes its place on the disk now: later, when the disk is full, it only overwrites.
    placed.write(otherwise);
    return placed;
  }

  long get(int index) {
    return numbers[index];
  }

  /** Overwrites all of them, without forcing. */
  void write(long... to) throws IOException {
    System.arraycopy(to, 0, numbers, 0, numbers.length);
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES + Integer.BYTES);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    bytes.putInt(checksum(numbers)).flip();
    int size = bytes.remaining();
    int n = channel.write(bytes, 0);
    if (n != size) {
      throw new IOException("wrote " + n + " of " + size + " bytes in place");
    }
  }

  void force() throws IOException {
    channel.force(false);
  }

  private static int checksum(long[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
