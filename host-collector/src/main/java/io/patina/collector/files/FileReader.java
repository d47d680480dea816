package io.patina.collector.files;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
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

  private final SystemCalls calls;
  private final LongAdder bytesRead;
  private final Pace pace;
  private final byte[] buffer = new byte[SystemCalls.READ_BYTES];
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
   * @param size what stat said; a file of that size costs one read for every buffer and no more
   */
  Outcome read(int descriptor, long size, boolean withMd5) {
    sha256.reset();
    if (withMd5) {
      md5.reset();
    }
    long total = 0;
    while (true) {
      // One byte more than expected: a short answer then means the end without asking again.
      int want = (int) Math.min(buffer.length, Math.max(1, size - total + 1));
      int got = calls.read(descriptor, buffer, want);
      if (got < 0) {
        return new Outcome.Failed(-got);
      }
      sha256.update(buffer, 0, got);
      if (withMd5) {
        md5.update(buffer, 0, got);
      }
      total += got;
      pace.read(got);
      if (got == 0 || (got < want && total >= size)) {
        break;
      }
    }
    bytesRead.add(total);
    @Nullable ByteString second = withMd5 ? wrap(md5.digest()) : null;
    return new Outcome.Read(new Digests(wrap(sha256.digest()), second), total);
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
