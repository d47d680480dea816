package io.patina.collector.scanning;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Stat;
import java.nio.ByteBuffer;

/**
 * 64-bit hashes with a secret of this installation, so that nobody can prepare two files that look
 * alike. Never 0.
 */
record KeyedHash(long seed) {
  long of(ByteString bytes) {
    ByteBuffer in = bytes.asReadOnlyByteBuffer();
    long h = mix(seed ^ bytes.size());
    while (in.remaining() >= 8) {
      h = mix(h ^ in.getLong());
    }
    while (in.hasRemaining()) {
      h = mix(h ^ in.get());
    }
    return h == 0 ? 1 : h;
  }

  /** Of everything stat tells that changes with content or metadata. */
  long of(Stat v) {
    long h = mix(seed ^ v.device());
    h = mix(h ^ v.inode());
    h = mix(h ^ v.size());
    h = mix(h ^ v.modified());
    h = mix(h ^ v.changed());
    h = mix(h ^ v.mode() ^ (long) v.uid() << 32);
    h = mix(h ^ v.gid() ^ v.special() << 32);
    h = mix(h ^ (v.isImmutable() ? 1 : 0) ^ (v.isAppendOnly() ? 2 : 0));
    return h == 0 ? 1 : h;
  }

  /** The finaliser of SplittableRandom (Steele, Lea, Flood 2014), a bijection of 64 bits. */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
