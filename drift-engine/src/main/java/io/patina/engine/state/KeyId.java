package io.patina.engine.state;

import com.google.protobuf.ByteString;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What stands for a fact's key in indexes, which hold less than a key may have. */
public final class KeyId {

  private static final int BYTES = 16;

  private KeyId() {}

  /** The first 16 bytes of SHA-256 over facet, NUL and key. */
  public static ByteString of(FactKey key) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(key.facet().getBytes(StandardCharsets.US_ASCII));
    sha256.update((byte) 0);
    sha256.update(key.name().toByteArray());
    return ByteString.copyFrom(sha256.digest(), 0, BYTES);
  }
}
