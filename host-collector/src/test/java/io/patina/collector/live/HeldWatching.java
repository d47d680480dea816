package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.watching.Watching;
import io.patina.collector.writers.Writer;

/** Real watches whose events nobody reads until {@link #release}. */
final class HeldWatching implements Watching {
  private final Watching real;
  private Listener listener =
      new Listener() {
        @Override
        public void touched(ByteString path, Writer writer) {}

        @Override
        public void appeared(ByteString directory, Writer writer) {}

        @Override
        public void lost(String reason) {}

        @Override
        public void mounted() {}
      };

  HeldWatching(Watching real) {
    this.real = real;
  }

  void release() {
    real.start(listener);
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public void start(Listener to) {
    listener = to;
  }

  @Override
  public void entering(ByteString path, int descriptor) {
    real.entering(path, descriptor);
  }

  @Override
  public void watchInode(ByteString path) {
    real.watchInode(path);
  }

  @Override
  public boolean watches(ByteString directory) {
    return real.watches(directory);
  }

  @Override
  public boolean isComplete() {
    return real.isComplete();
  }

  @Override
  public boolean tellsOfMounts() {
    return real.tellsOfMounts();
  }

  @Override
  public long events() {
    return real.events();
  }

  @Override
  public long overflows() {
    return real.overflows();
  }

  @Override
  public int watched() {
    return real.watched();
  }

  @Override
  public void close() {
    real.close();
  }
}
