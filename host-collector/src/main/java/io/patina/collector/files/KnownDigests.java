package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Stat;
import java.util.Optional;

/**
 * Digests from an earlier read, so that a rescan need not read what has not changed. Called by many
 * threads.
 *
 * <p>An answer is right only while device, inode, size, mtime and ctime are what they were ({@link
 * Stat#sameVersion}) and the ctime was already some seconds old when the file was read: two writes
 * within one clock tick of the file system look like one.
 */
public interface KnownDigests {
  /** Knows nothing and keeps nothing: every byte is read. */
  KnownDigests NONE =
      new KnownDigests() {
        @Override
        public Optional<Digests> of(ByteString path, Stat version) {
          return Optional.empty();
        }

        @Override
        public void learned(ByteString path, Stat version, Digests digests) {
          // A one-shot has no later.
        }
      };

  /** Digests of this very version of the file; the stat is reused by the caller afterwards. */
  Optional<Digests> of(ByteString path, Stat version);

  /** Tells of a file that was read and did not change meanwhile. */
  void learned(ByteString path, Stat version, Digests digests);
}
