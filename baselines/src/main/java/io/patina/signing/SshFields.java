package io.patina.signing;

import com.google.protobuf.ByteString;

/** Strings with their length before them, as SSH writes them (RFC 4251, section 5). */
final class SshFields {

  private ByteString rest;

  SshFields(ByteString bytes) {
    this.rest = bytes;
  }

  ByteString bytes() throws UntrustedException {
    long length = number();
    if (length > rest.size()) {
      throw new UntrustedException("the signature is truncated");
    }
    ByteString field = rest.substring(0, (int) length);
    rest = rest.substring((int) length);
    return field;
  }

  String text() throws UntrustedException {
    return bytes().toStringUtf8();
  }

  long number() throws UntrustedException {
    if (rest.size() < 4) {
      throw new UntrustedException("the signature is truncated");
    }
    long value = Integer.toUnsignedLong(rest.asReadOnlyByteBuffer().getInt());
    rest = rest.substring(4);
    return value;
  }

  void end() throws UntrustedException {
    if (!rest.isEmpty()) {
      throw new UntrustedException("something follows that does not belong to it");
    }
  }

  static ByteString written(ByteString field) {
    byte[] length = {
      (byte) (field.size() >>> 24),
      (byte) (field.size() >>> 16),
      (byte) (field.size() >>> 8),
      (byte) field.size()
    };
    return ByteString.copyFrom(length).concat(field);
  }
}
