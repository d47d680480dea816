package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Stat;

/**
 * Versions of files that were looked at before, so that a rescan looks no further where nothing has
 * changed. Called by many threads.
 *
 * <p>A version is device, inode, size, mtime, ctime and what else stat tells. Whatever changes
 * content, permissions or extended attributes of an inode changes its ctime.
 */
public interface KnownVersions {
  /** A version that must not be relied on. */
  long NONE_KEPT = 0;

  /** Knows nothing and keeps nothing: everything is looked at and every byte read. */
  KnownVersions NONE =
      new KnownVersions() {
        @Override
        public boolean unchanged(ByteString path, Stat now) {
          return false;
        }

        @Override
        public long version(ByteString path, Stat seen) {
          // A one-shot has no later.
          return NONE_KEPT;
        }
      };

  /**
   * Whether everything at this path is as it is known; asked after the first stat, which the caller
   * uses again afterwards.
   */
  boolean unchanged(ByteString path, Stat now);

  /**
   * The version that was just looked at, and held still meanwhile; {@link #NONE_KEPT} if it must be
   * looked at again next time: two changes within one clock tick of the file system look like one.
   */
  long version(ByteString path, Stat seen);
}
