package io.patina.collector.watching;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.patina.collector.writers.Writer;

/** What all watchers need to give notices. */
final class Notices {
  /** Before a watcher is started nobody reads events, so nobody can be told. */
  static final Watching.Listener UNHEARD =
      new Watching.Listener() {
        @Override
        public void touched(ByteString path, Writer writer) {
          throw new IllegalStateException("not started");
        }

        @Override
        public void appeared(ByteString directory, Writer writer) {
          throw new IllegalStateException("not started");
        }

        @Override
        public void lost(String reason) {
          throw new IllegalStateException("not started");
        }

        @Override
        public void mounted() {
          throw new IllegalStateException("not started");
        }
      };

  private Notices() {}

  static ByteString join(ByteString directory, byte[] name) {
    int start = directory.size() == 1 ? 0 : directory.size();
    byte[] path = new byte[start + 1 + name.length];
    directory.copyTo(path, 0);
    path[start] = '/';
    System.arraycopy(name, 0, path, start + 1, name.length);
    return UnsafeByteOperations.unsafeWrap(path);
  }
}
