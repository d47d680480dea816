package io.patina.engine.reports;

import com.google.protobuf.ByteString;
import io.patina.signing.PublicKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Public keys whose points on the curve have been found before. Says nothing of whom they belong
 * to. Bounded, safe for threads.
 */
final class KnownPoints {

  private static final int MOST = 100_000;

  private final ConcurrentMap<ByteString, PublicKey> keys = new ConcurrentHashMap<>();

  /**
   * The key of these bytes.
   *
   * @throws IllegalArgumentException if they are no key
   */
  PublicKey of(ByteString raw) {
    PublicKey known = keys.get(raw);
    if (known != null) {
      return known;
    }
    // A copy: the report's bytes would otherwise stay in memory with it.
    PublicKey found = new PublicKey(ByteString.copyFrom(raw.toByteArray()));
    if (keys.size() >= MOST) {
      keys.clear();
    }
    keys.put(found.raw(), found);
    return found;
  }
}
