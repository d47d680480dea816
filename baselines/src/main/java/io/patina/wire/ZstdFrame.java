package io.patina.wire;

/**
 * Where a zstd frame ends (RFC 8878, section 3.1.1): the library unpacks any number of frames, also
 * skippable ones, one after the other; here a payload is exactly one.
 */
final class ZstdFrame {

  private static final byte[] MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final int[] DICTIONARY_ID_BYTES = {0, 1, 2, 4};
  private static final int[] CONTENT_SIZE_BYTES = {0, 2, 4, 8};
  private static final int RLE_BLOCK = 1;

  private ZstdFrame() {}

  /** Whether these bytes are one frame and nothing else, by its headers. */
  static boolean isAlone(byte[] bytes) {
    if (bytes.length < 5) {
      return false;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes[i] != MAGIC[i]) {
        return false;
      }
    }
    int descriptor = bytes[4] & 0xff;
    boolean singleSegment = (descriptor & 0x20) != 0;
    int sizeBytes = CONTENT_SIZE_BYTES[descriptor >>> 6];
    if (sizeBytes == 0 && singleSegment) {
      sizeBytes = 1;
    }
    int at = 5 + (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3] + sizeBytes;
    boolean last = false;
    while (!last) {
      if (at + 3 > bytes.length) {
        return false;
      }
      int header = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
      last = (header & 1) != 0;
      boolean oneByte = (header >>> 1 & 3) == RLE_BLOCK;
      at += 3 + (oneByte ? 1 : header >>> 3);
    }
    boolean checksum = (descriptor & 4) != 0;
    return at + (checksum ? 4 : 0) == bytes.length;
  }
}
