package io.patina.packing;

/** Lengths as protobuf writes them: seven bits a byte, the lowest first. */
final class Varint {
  private Varint() {}

  /** Bytes that a length takes. */
  static int bytes(int length) {
    int bits = 32 - Integer.numberOfLeadingZeros(length | 1);
    return (bits + 6) / 7;
  }

  static int read(byte[] from, int at) {
    int value = 0;
    int shift = 0;
    int i = at;
    byte b;
    do {
      b = from[i++];
      value |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return value;
  }

  /** Answers the offset behind it. */
  static int write(int length, byte[] to, int at) {
    int left = length;
    int i = at;
    while (left > 0x7f) {
      to[i++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    to[i++] = (byte) left;
    return i;
  }
}
