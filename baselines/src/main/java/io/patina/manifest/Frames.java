package io.patina.manifest;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.function.ToIntFunction;

/** The canonical entries of a manifest in memory, and the header before them. Immutable. */
sealed interface Frames permits FlatFrames, PackedFrames {
  int size();

  /** Canonical bytes of the entry at a position. */
  ByteString get(int position);

  /** Position of the first entry for which the order is not negative; the entries ascend by it. */
  int position(ToIntFunction<ByteString> order);

  Iterator<ByteString> from(int position);

  /** Length of the manifest's canonical bytes. */
  long bytes();

  void writeTo(OutputStream out) throws IOException;
}
