package io.patina.collector.inventory;

import com.google.protobuf.ByteString;

/** Digest of a file's content as its package states it. */
public record ShippedDigest(Algorithm algorithm, ByteString value) {

  /** Digests that package managers use. */
  public enum Algorithm {
    MD5(16),
    SHA1(20),
    SHA224(28),
    SHA256(32),
    SHA384(48),
    SHA512(64);

    private final int bytes;

    Algorithm(int bytes) {
      this.bytes = bytes;
    }

    public int bytes() {
      return bytes;
    }
  }

  public ShippedDigest {
    if (value.size() != algorithm.bytes()) {
      throw new IllegalArgumentException(algorithm + " has " + algorithm.bytes() + " bytes");
    }
  }
}
