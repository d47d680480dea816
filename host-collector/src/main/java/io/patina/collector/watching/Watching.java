package io.patina.collector.watching;

import com.google.protobuf.ByteString;
import io.patina.collector.files.DirectoryVisitor;
import io.patina.collector.writers.Writer;

/**
 * Notices changes of files as they happen. A walk tells it every directory before it lists it.
 * Implementations are safe for many threads.
 */
public interface Watching extends DirectoryVisitor, AutoCloseable {
  /** Receives notices; called by the watcher's own thread. */
  interface Listener {
    /** Something about this path changed, or it came or went. */
    void touched(ByteString path, Writer writer);

    /** A directory came to this path, with whatever it holds. */
    void appeared(ByteString directory, Writer writer);

    /** Notices were lost, or a file system went away: only a rescan can tell what changed. */
    void lost(String reason);

    /** Something was mounted or unmounted. */
    void mounted();
  }

  /** How {@code Coverage.watching} calls it. */
  String name();

  /** Begins to give notices; directories may have been entered before. */
  void start(Listener listener);

  /** Watches the inode of a file that has several names: it may be changed through any of them. */
  void watchInode(ByteString path);

  /** Whether this directory is watched. */
  boolean watches(ByteString directory);

  /** Whether everything entered is watched. If not, polling has to stand in. */
  boolean isComplete();

  /** Whether {@link Listener#mounted} is called; if not, the mount table has to be read often. */
  boolean tellsOfMounts();

  /** Notices received since the start. */
  long events();

  /** Times that the kernel dropped notices. */
  long overflows();

  /** Directories and inodes watched now. */
  int watched();

  @Override
  void close();
}
