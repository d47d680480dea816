package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.files.Digests;
import io.patina.collector.files.KnownDigests;
import io.patina.collector.syscalls.Stat;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Digests by path and version, in one array of longs: 48 bytes a file, 64 with MD5, where a map of
 * objects would take 300. Paths and versions are hashed with a secret of this process, so that
 * nobody can prepare two that look alike.
 */
final class DigestTable implements KnownDigests {
  /** A file changed more recently than this may change again without its ctime showing it. */
  private static final long SETTLED_NANOS = 2_000_000_000L;

  private static final int SHA256 = 2;
  private static final int MD5 = 6;

  private final Clock clock;
  private final HardLinks hardLinks;
  private final int stride;
  private final long seed;
  private long[] slots;
  private int used;

  /**
   * @param md5 whether MD5 is kept beside SHA-256
   */
  DigestTable(Clock clock, HardLinks hardLinks, boolean md5, SplittableRandom random) {
    this.clock = clock;
    this.hardLinks = hardLinks;
    this.stride = md5 ? 8 : 6;
    this.seed = random.nextLong();
    this.slots = new long[stride * 4096];
  }

  /** Forgets everything, so that every byte is read once more. */
  synchronized void clear() {
    slots = new long[stride * 4096];
    used = 0;
  }

  @Override
  public Optional<Digests> of(ByteString path, Stat version) {
    hardLinks.seen(path, version);
    long key = hash(path);
    long wanted = hash(version);
    synchronized (this) {
      int at = slot(slots, key);
      if (slots[at] == 0 || slots[at + 1] != wanted) {
        return Optional.empty();
      }
      @Nullable ByteString md5 = stride > MD5 ? bytes(at + MD5, 2) : null;
      return Optional.of(new Digests(bytes(at + SHA256, 4), md5));
    }
  }

  @Override
  public void learned(ByteString path, Stat version, Digests digests) {
    long now = clock.millis() * 1_000_000;
    @Nullable ByteString md5 = digests.md5();
    if (now - version.changed() < SETTLED_NANOS || (stride > MD5 && md5 == null)) {
      return;
    }
    long key = hash(path);
    long seen = hash(version);
    synchronized (this) {
      int at = slot(slots, key);
      if (slots[at] == 0) {
        if (++used * 6L > slots.length / stride * 5L) {
          grow();
          at = slot(slots, key);
        }
        slots[at] = key;
      }
      slots[at + 1] = seen;
      put(at + SHA256, digests.sha256());
      if (md5 != null && stride > MD5) {
        put(at + MD5, md5);
      }
    }
  }

  private void grow() {
    long[] old = slots;
    // By a quarter: a table that doubles is half empty most of the time.
    long[] larger = new long[(old.length / stride * 5 / 4) * stride];
    for (int i = 0; i < old.length; i += stride) {
      if (old[i] != 0) {
        System.arraycopy(old, i, larger, slot(larger, old[i]), stride);
      }
    }
    slots = larger;
  }

  /** Where the key is, or the free slot where it belongs. */
  private int slot(long[] in, long key) {
    int count = in.length / stride;
    int at = (int) Long.remainderUnsigned(key, count);
    while (in[at * stride] != 0 && in[at * stride] != key) {
      at = at + 1 == count ? 0 : at + 1;
    }
    return at * stride;
  }

  private ByteString bytes(int at, int longs) {
    ByteBuffer out = ByteBuffer.allocate(longs * 8);
    for (int i = 0; i < longs; i++) {
      out.putLong(slots[at + i]);
    }
    return ByteString.copyFrom(out.flip());
  }

  private void put(int at, ByteString digest) {
    ByteBuffer in = digest.asReadOnlyByteBuffer();
    for (int i = 0; in.hasRemaining(); i++) {
      slots[at + i] = in.getLong();
    }
  }

  private long hash(ByteString path) {
    long h = seed;
    for (int i = 0; i < path.size(); i++) {
      h = mix(h ^ path.byteAt(i));
    }
    // 0 marks a free slot.
    return h == 0 ? 1 : h;
  }

  private long hash(Stat v) {
    long h = mix(seed ^ v.device());
    h = mix(h ^ v.inode());
    h = mix(h ^ v.size());
    h = mix(h ^ v.modified());
    h = mix(h ^ v.changed());
    return mix(h ^ v.mode());
  }

  /** The finaliser of SplittableRandom (Steele, Lea, Flood 2014), a bijection of 64 bits. */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
