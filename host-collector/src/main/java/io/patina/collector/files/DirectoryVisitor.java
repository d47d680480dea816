package io.patina.collector.files;

import com.google.protobuf.ByteString;

/** Is told of every directory that a walk enters. Called by many threads. */
@FunctionalInterface
public interface DirectoryVisitor {
  /** Does nothing. */
  DirectoryVisitor NONE = (path, descriptor) -> {};

  /**
   * A directory is open and will be listed when this returns: a watch that is set here misses
   * nothing that the list does not show.
   *
   * @param path inside the root
   * @param descriptor open for reading, valid during the call only
   */
  void entering(ByteString path, int descriptor);
}
