package io.patina.collector.rpm;

import io.patina.collector.inventory.Unreadable;
import io.patina.facts.Gap;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The ndb backend of SUSE ({@code Packages.db}; rpm's {@code lib/backend/ndb/rpmpkg.c}): a page of
 * 4096 bytes holds a header of 32 bytes and slots of 16 ("Slot", package number, block offset,
 * block count); a block has 16 bytes; a blob has a head ("BlbS", package number, generation,
 * length), its bytes, and a tail with an Adler-32 that is not needed here. All little-endian.
 */
record NdbHeaders(Path file, String shown) implements HeaderSource {

  private static final int FILE_MAGIC = 'R' | 'p' << 8 | 'm' << 16 | 'P' << 24;
  private static final int SLOT_MAGIC = 'S' | 'l' << 8 | 'o' << 16 | 't' << 24;
  private static final int BLOB_MAGIC = 'B' | 'l' << 8 | 'b' << 16 | 'S' << 24;
  private static final int PAGE = 4096;
  private static final int BLOCK = 16;
  private static final int SLOT = 16;
  private static final int HEAD = 32;
  private static final int MAX_SLOT_PAGES = 4096;
  private static final int MAX_BLOB = 256 << 20;

  @Override
  public Optional<Unreadable> each(Receiver receiver) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      ByteBuffer head = read(in, 0, HEAD);
      int pages = head.getInt(12);
      if (head.getInt(0) != FILE_MAGIC || head.getInt(4) != 0) {
        return malformed("it does not begin as an ndb package file");
      }
      if (pages < 1 || pages > MAX_SLOT_PAGES) {
        return malformed("it claims " + pages + " pages of slots");
      }
      for (int page = 0; page < pages; page++) {
        ByteBuffer slots = read(in, (long) page * PAGE, PAGE);
        for (int at = page == 0 ? HEAD : 0; at < PAGE; at += SLOT) {
          int number = slots.getInt(at + 4);
          if (slots.getInt(at) != SLOT_MAGIC) {
            return malformed("a slot is damaged");
          }
          if (number != 0) {
            Optional<Unreadable> wrong =
                blob(in, number, slots.getInt(at + 8), slots.getInt(at + 12), receiver);
            if (wrong.isPresent()) {
              return wrong;
            }
          }
        }
      }
      return Optional.empty();
    } catch (EOFException e) {
      return malformed("it ends early");
    } catch (IOException e) {
      return Optional.of(
          new Unreadable(shown, Gap.IO_ERROR, "cannot read " + shown + ": " + e.getMessage()));
    }
  }

  private Optional<Unreadable> blob(
      RandomAccessFile in, int number, int block, int blocks, Receiver receiver)
      throws IOException {
    long offset = Integer.toUnsignedLong(block) * BLOCK;
    ByteBuffer head = read(in, offset, BLOCK);
    long length = Integer.toUnsignedLong(head.getInt(12));
    boolean sound =
        head.getInt(0) == BLOB_MAGIC
            && head.getInt(4) == number
            && length <= MAX_BLOB
            && length <= Integer.toUnsignedLong(blocks) * BLOCK
            && offset + BLOCK + length <= in.length();
    if (!sound) {
      return malformed("the blob of package number " + number + " is damaged");
    }
    receiver.header(read(in, offset + BLOCK, (int) length).array());
    return Optional.empty();
  }

  private static ByteBuffer read(RandomAccessFile in, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.seek(offset);
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Optional<Unreadable> malformed(String sentence) {
    return Optional.of(
        new Unreadable(shown, Gap.MALFORMED, "the package file " + shown + ": " + sentence));
  }
}
