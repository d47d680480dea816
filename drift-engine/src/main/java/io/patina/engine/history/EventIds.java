package io.patina.engine.history;

import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * Names that follow from what they name: UUIDs of version 8 (RFC 9562) from SHA-256 over
 * length-prefixed parts. Work done twice finds the same name.
 */
public final class EventIds {

  private EventIds() {}

  /** The name of what these parts say together; parts are ids, text, numbers or bytes. */
  public static UUID of(Object... parts) {
    MessageDigest sha256 = Digest.sha256();
    for (Object part : parts) {
      byte[] bytes =
          switch (part) {
            case ByteString b -> b.toByteArray();
            default -> part.toString().getBytes(StandardCharsets.UTF_8);
          };
      sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
      sha256.update(bytes);
    }
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
    long high = (digest.getLong() & ~0xf000L) | 0x8000L;
    long low = (digest.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low);
  }
}
