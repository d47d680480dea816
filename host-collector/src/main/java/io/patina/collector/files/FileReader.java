package io.patina.collector.files;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads an open file once, from start to end, and makes its digests on the way. For one thread.
 * Memory does not depend on the file's size.
 */
final class FileReader {
  /** What became of a read. */
  sealed interface Outcome {
    record Read(Digests digests, long bytes) implements Outcome {}

    record Failed(int errno) implements Outcome {}
  }

  /** A longer file, 256 GiB, is not read: anybody can make one of holes that lasts for days. */
  static final long MOST_BYTES = 1L << 38;

  private static final long LARGE = 1 << 20;
  private static final byte[] ZEROS = new byte[SystemCalls.READ_BYTES];

  private final SystemCalls calls;
  private final LongAdder bytesRead;
  private final Pace pace;
  private final byte[] buffer = new byte[SystemCalls.READ_BYTES];
  private final Stat now = new Stat();
  private final MessageDigest sha256 = digest("SHA-256");
  private final MessageDigest md5 = digest("MD5");

  FileReader(SystemCalls calls, LongAdder bytesRead, Pace pace) {
    this.pace = pace;
    this.calls = calls;
    this.bytesRead = bytesRead;
  }

  /**
   * Reads to the end.
   *
   * @param stat what was said of it before; a file of that size costs one read for every buffer and
   *     no more
   */
  Outcome read(int descriptor, Stat stat, boolean withMd5) {
    long size = stat.size();
    if (size > MOST_BYTES) {
      return new Outcome.Failed(Errno.E2BIG);
    }
    sha256.reset();
    if (withMd5) {
      md5.reset();
    }
    long begin = 0;
    if (size >= LARGE && stat.isSparse()) {
      begin = sparse(descriptor, size, withMd5);
      if (begin < 0) {
        return new Outcome.Failed((int) -begin);
      }
    }
    long total = begin;
    while (true) {
      // One byte more than expected: a short answer then means the end without asking again.
      long expected = total > size ? buffer.length : size - total + 1;
      int want = (int) Math.min(buffer.length, expected);
      int got = calls.read(descriptor, buffer, want);
      if (got < 0) {
        return new Outcome.Failed(-got);
      }
      sha256.update(buffer, 0, got);
      if (withMd5) {
        md5.update(buffer, 0, got);
      }
      boolean longer = total <= size && total + got > size;
      total += got;
      pace.read(got);
      if (got == 0 || (got < want && total >= size) || total > MOST_BYTES) {
        break;
      }
      if (longer && calls.stat(descriptor, now) == 0 && !now.sameVersion(stat)) {
        // It grows, perhaps faster than it is read. (Where stat tells no size, it stays the same.)
        break;
      }
    }
    bytesRead.add(total - begin);
    @Nullable ByteString second = withMd5 ? wrap(md5.digest()) : null;
    return new Outcome.Read(new Digests(wrap(sha256.digest()), second), total);
  }

  /**
   * Digests a file that is stored with holes without reading those, which would fill the page cache
   * with zeros. Whoever writes meanwhile is noticed by the second look at the inode.
   *
   * @return how far it came, where the reader goes on; or a negated errno
   */
  private long sparse(int descriptor, long size, boolean withMd5) {
    long at = 0;
    while (at < size) {
      long data = calls.seekData(descriptor, at);
      if (data == -Errno.EINVAL || data == -Errno.EOPNOTSUPP) {
        // No holes told of here: the rest is read as it comes.
        break;
      } else if (data < 0 && data != -Errno.ENXIO) {
        return data;
      }
      long start = data < 0 ? size : Math.min(data, size);
      for (; at < start; at += Math.min(ZEROS.length, start - at)) {
        digest(ZEROS, (int) Math.min(ZEROS.length, start - at), withMd5);
      }
      long end = at < size ? Math.min(calls.seekHole(descriptor, at), size) : at;
      if (end < at || calls.seek(descriptor, at) < 0) {
        // Cut short while it was read.
        break;
      }
      while (at < end) {
        int got = calls.read(descriptor, buffer, (int) Math.min(buffer.length, end - at));
        if (got < 0) {
          return got;
        } else if (got == 0) {
          return at;
        }
        digest(buffer, got, withMd5);
        bytesRead.add(got);
        at += got;
      }
    }
    long positioned = calls.seek(descriptor, at);
    return positioned < 0 ? positioned : at;
  }

  private void digest(byte[] bytes, int length, boolean withMd5) {
    sha256.update(bytes, 0, length);
    if (withMd5) {
      md5.update(bytes, 0, length);
    }
  }

  private static ByteString wrap(byte[] fresh) {
    return UnsafeByteOperations.unsafeWrap(fresh);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
