package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.imports.InvalidImportException;
import java.nio.charset.StandardCharsets;

/** The 512 bytes before each file: ustar of POSIX.1-1988, the same of GNU, and that of V7. */
final class TarHeader {

  static final int SIZE = 512;

  private final byte[] block;
  private final String where;

  /**
   * @param block {@link #SIZE} bytes, not changed afterwards
   * @param where names the entry, for messages
   */
  TarHeader(byte[] block, String where) {
    this.block = block;
    this.where = where;
  }

  /** Whether all bytes are zero: half of the mark of the end. */
  boolean isZero() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * @throws InvalidImportException if the sum is not that of the bytes
   */
  void verify() throws InvalidImportException {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < SIZE; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    long stated = number(148, 8, "checksum");
    if (stated != unsigned && stated != signed) {
      throw new InvalidImportException(where + ": not a tar header, its checksum is wrong");
    }
  }

  /** The name; of ustar with the prefix before it. */
  ByteString path() {
    ByteString name = text(0, 100);
    boolean posix = block[257] == 'u' && block[262] == 0;
    ByteString prefix = posix ? text(345, 155) : ByteString.EMPTY;
    return prefix.isEmpty() ? name : prefix.concat(ByteString.copyFromUtf8("/")).concat(name);
  }

  ByteString link() {
    return text(157, 100);
  }

  char type() {
    return (char) (block[156] & 0xff);
  }

  int mode() throws InvalidImportException {
    return (int) (number(100, 8, "mode") & 07777);
  }

  long uid() throws InvalidImportException {
    return number(108, 8, "uid");
  }

  long gid() throws InvalidImportException {
    return number(116, 8, "gid");
  }

  long size() throws InvalidImportException {
    return number(124, 12, "size");
  }

  long major() throws InvalidImportException {
    return number(329, 8, "device");
  }

  long minor() throws InvalidImportException {
    return number(337, 8, "device");
  }

  boolean flag(int at) {
    return block[at] != 0;
  }

  /** An octal number, or GNU's binary one; blank is zero. */
  long number(int at, int length, String what) throws InvalidImportException {
    if ((block[at] & 0x80) != 0) {
      // The first byte is the mark 0x80; 0xff begins a negative one, which no field here may be.
      long value = block[at] & 0x7f;
      for (int i = 1; i < length; i++) {
        if (value >>> 55 != 0) {
          throw new InvalidImportException(where + ": " + what + " is too large or negative");
        }
        value = (value << 8) | (block[at + i] & 0xff);
      }
      return value;
    }
    String text = new String(block, at, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(0);
    String digits = (end < 0 ? text : text.substring(0, end)).strip();
    try {
      long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new InvalidImportException(where + ": " + what + " is not an octal number", e);
    }
    throw new InvalidImportException(where + ": " + what + " is negative");
  }

  private ByteString text(int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return ByteString.copyFrom(block, at, end - at);
  }
}
