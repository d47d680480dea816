package io.patina.manifest;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.wire.v1.ManifestHeader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes a manifest from entries that arrive in order. Not safe for use by several threads. */
public final class ManifestBuilder {

  private final Digest scope;
  private final ByteString.Output bytes = ByteString.newOutput(64 * 1024);
  private int[] offsets = new int[1024];
  private int count;
  private @Nullable FactKey previous;

  public ManifestBuilder(Digest scope) {
    this.scope = scope;
    frame(
        ManifestHeader.newBuilder()
            .setForm(Manifest.FORM)
            .setScope(scope.bytes())
            .build()
            .toByteString());
  }

  /**
   * Appends an entry.
   *
   * @throws IllegalArgumentException if its key does not come after the previous one
   */
  public void add(Entry entry) {
    if (previous != null && previous.compareTo(entry.key()) >= 0) {
      throw new IllegalArgumentException(
          "entries must be strictly ascending: " + entry.key() + " after " + previous);
    }
    previous = entry.key();
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count++] = bytes.size();
    frame(entry.canonical());
  }

  public int size() {
    return count;
  }

  public Manifest build() {
    return new Manifest(bytes.toByteString(), scope, Arrays.copyOf(offsets, count));
  }

  private void frame(ByteString content) {
    try {
      byte[] length = new byte[CodedOutputStream.computeUInt32SizeNoTag(content.size())];
      CodedOutputStream.newInstance(length).writeUInt32NoTag(content.size());
      bytes.write(length);
      content.writeTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
