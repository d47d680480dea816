package io.patina.collector.watching;

import com.google.protobuf.ByteString;

/** Notices nothing: where the kernel offers no watches, polling alone finds changes. */
public final class NotWatching implements Watching {
  @Override
  public String name() {
    return "polling";
  }

  @Override
  public void start(Listener listener) {
    // There will be no notices.
  }

  @Override
  public void entering(ByteString path, int descriptor) {
    // Nothing to set.
  }

  @Override
  public void watchInode(ByteString path) {
    // Nothing to set.
  }

  @Override
  public boolean watches(ByteString directory) {
    return false;
  }

  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  public boolean tellsOfMounts() {
    return false;
  }

  @Override
  public long events() {
    return 0;
  }

  @Override
  public long overflows() {
    return 0;
  }

  @Override
  public int watched() {
    return 0;
  }

  @Override
  public void close() {
    // Nothing was opened.
  }
}
