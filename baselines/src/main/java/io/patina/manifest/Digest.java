package io.patina.manifest;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 digest, 32 bytes: the name of a manifest, a scope or a statement. */
public record Digest(ByteString bytes) implements Comparable<Digest> {

  public Digest {
    if (bytes.size() != 32) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + bytes.size());
    }
  }

  /** The digest of these bytes. */
  public static Digest of(ByteString content) {
    MessageDigest sha256 = sha256();
    for (ByteBuffer b : content.asReadOnlyByteBufferList()) {
      sha256.update(b);
    }
    return new Digest(ByteString.copyFrom(sha256.digest()));
  }

  /**
   * Reads 64 hexadecimal digits.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static Digest ofHex(String hex) {
    return new Digest(ByteString.copyFrom(HexFormat.of().parseHex(hex)));
  }

  /** A new SHA-256; every Java has it. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Lower-case hexadecimal, 64 characters. */
  public String hex() {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public int compareTo(Digest other) {
    return ByteString.unsignedLexicographicalComparator().compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
