package io.patina.fingerprint;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/** The 32-byte digest of a set of entries. Equal sets, and no others, have equal fingerprints. */
public record Fingerprint(ByteString bytes) {

  public static final int BYTES = 32;

  public Fingerprint {
    if (bytes.size() != BYTES) {
      throw new IllegalArgumentException("a fingerprint has 32 bytes, not " + bytes.size());
    }
  }

  /** Lower-case hexadecimal, 64 characters. */
  public String hex() {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public String toString() {
    return hex();
  }
}
