package io.patina.manifest;

import com.google.protobuf.ByteString;
import io.patina.packing.PackedRecords;
import io.patina.packing.Scratch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.function.ToIntFunction;

/**
 * The canonical bytes in compressed blocks: about 75 bytes a file with SHA-256 and MD5, most of it
 * the digests; an entry costs the unpacking of a block.
 *
 * @param header length-delimited
 * @param scratch where the blocks are, and where those of a manifest made from this one belong
 */
record PackedFrames(ByteString header, PackedRecords records, Scratch scratch) implements Frames {
  @Override
  public int size() {
    return records.size();
  }

  @Override
  public ByteString get(int position) {
    return records.get(position);
  }

  @Override
  public int position(ToIntFunction<ByteString> order) {
    return records.position(order);
  }

  @Override
  public Iterator<ByteString> from(int position) {
    return records.from(position);
  }

  @Override
  public long bytes() {
    return header.size() + records.bytes();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    header.writeTo(out);
    records.writeTo(out);
  }
}
